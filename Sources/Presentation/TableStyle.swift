/// The layout of text for people.
package struct TableStyle: Sendable, Hashable {
    /// Whether every column is shown, at full length.
    package var isWide: Bool
    /// The width of the terminal that shows it; `nil` if nothing is shortened.
    package var width: Int?
    /// Whether it is shown by a terminal that supports colours.
    package var isColoured: Bool

    package init(isWide: Bool = false, width: Int? = nil, isColoured: Bool = false) {
        self.isWide = isWide
        self.width = width
        self.isColoured = isColoured
    }
}
