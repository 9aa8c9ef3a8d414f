/// The levels and the format of the log.
struct LogSettings: Hashable {
    var levels = LogLevels()
    var format = LogFormat.text
}

/// The format of a log line.
enum LogFormat: String, CaseIterable {
    /// For people.
    case text
    /// One JSON object per line.
    case json
}
