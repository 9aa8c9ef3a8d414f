/// A colour that every terminal supports (ECMA-48 SGR).
package enum TerminalColour: Int, Sendable {
    case red = 31
    case green = 32
    case yellow = 33
    case magenta = 35
    case cyan = 36

    /// The text in this colour, followed by a reset of the terminal's colours.
    package func applied(to text: String) -> String { "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" }
}
