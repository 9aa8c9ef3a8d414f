/// An error that can say of itself that trying again is useless until something changes.
package protocol TerminalError: Error {
    /// Whether it says so; if not, the key is tried again.
    var isTerminal: Bool { get }
}
