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

    /// The layout of text for whoever reads it here.
    var tableStyle: TableStyle {
        TableStyle(width: terminalWidth(ProcessInfo.processInfo.environment), isColoured: takesColour)
    }

    /// The characters in a line of the terminal, by `COLUMNS` or by what the terminal says.
    ///
    /// - Returns: nil where there is no terminal, and where it does not say.
    func terminalWidth(_ environment: [String: String]) -> Int? {
        guard isTerminal else { return nil }
        if let columns = environment["COLUMNS"].flatMap({ Int($0) }), columns > 0 { return columns }
        var size = winsize()
        guard ioctl(fileDescriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }
}
