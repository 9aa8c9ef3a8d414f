/// How text for people is laid out.
package struct TableStyle: Sendable, Hashable {
    /// Whether every column is shown, at full length.
    package var isWide: Bool
    /// The width of the terminal that shows it; nil: nothing is shortened.
    package var width: Int?
    /// Whether a terminal shows it that takes colours.
    package var isColoured: Bool

    package init(isWide: Bool = false, width: Int? = nil, isColoured: Bool = false) {
        self.isWide = isWide
        self.width = width
        self.isColoured = isColoured
    }
}
