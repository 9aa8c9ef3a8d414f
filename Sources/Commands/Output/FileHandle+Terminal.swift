import Foundation
import Presentation

extension FileHandle {
    /// Whether it is a terminal.
    var isTerminal: Bool { isatty(fileDescriptor) == 1 }

    /// Whether it is a terminal that takes colours (https://no-color.org).
    var takesColour: Bool {
        let environment = ProcessInfo.processInfo.environment
        return environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb" && isTerminal
    }

    /// The layout of text that people read in this file.
    var tableStyle: TableStyle {
        TableStyle(width: terminalWidth(ProcessInfo.processInfo.environment), isColoured: takesColour)
    }

    /// The width of the terminal in characters, from `COLUMNS` or from the terminal.
    ///
    /// - Returns: nil if this is not a terminal, or its width is unknown.
    func terminalWidth(_ environment: [String: String]) -> Int? {
        guard isTerminal else { return nil }
        if let columns = environment["COLUMNS"].flatMap({ Int($0) }), columns > 0 { return columns }
        var size = winsize()
        guard ioctl(fileDescriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }
}
