/// What is logged, and how.
struct LogSettings: Hashable {
    var levels = LogLevels()
    var format = LogFormat.text
}
