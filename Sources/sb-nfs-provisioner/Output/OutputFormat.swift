import ArgumentParser
import Foundation

/// How a list is printed.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json, csv
}

extension FileHandle {
    /// Whether it is a terminal that may be written to in colour (https://no-color.org).
    var takesColour: Bool {
        let environment = ProcessInfo.processInfo.environment
        return environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb"
            && isatty(fileDescriptor) == 1
    }
}
