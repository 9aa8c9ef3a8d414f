/// What is logged, and how.
struct LogSettings: Hashable {
    var levels = LogLevels()
    var format = LogFormat.text
}

/// How a line of the log is written.
enum LogFormat: String, CaseIterable {
    /// For people.
    case text
    /// An object a line.
    case json
}
