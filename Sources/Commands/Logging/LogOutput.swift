import Kubernetes
import Logging
import Synchronization

/// The output of all loggers of the process. Levels and format can change at any time, for all of them together.
final class LogOutput: Sendable {
    private let settings: Mutex<LogSettings>
    private let writer: LogWriter

    init(_ settings: LogSettings, writer: LogWriter = LogWriter()) {
        self.settings = Mutex(settings)
        self.writer = writer
    }

    func logger(_ subsystem: LogSubsystem) -> Logger {
        Logger(label: "sb-nfs-provisioner") { _ in OutputLogHandler(output: self, subsystem: subsystem.rawValue) }
    }

    /// Applies new settings to all further lines.
    func apply(_ new: LogSettings) {
        settings.withLock { $0 = new }
    }

    func level(of subsystem: String) -> Logger.Level {
        settings.withLock { $0.levels.level(of: subsystem) }
    }

    func write(_ line: LogLine) {
        let format = settings.withLock { $0.format }
        writer.append(line.text(format)) { lost in
            LogLine(
                time: .now,
                level: .warning,
                subsystem: LogSubsystem.controller.rawValue,
                message: "log lines were dropped: standard error was blocked",
                metadata: ["lines": .stringConvertible(lost)]
            ).text(format)
        }
    }
}

/// Writes to the process's ``LogOutput``, which decides about level and format. The metadata `subsystem` selects the
/// level.
struct OutputLogHandler: LogHandler {
    private static let subsystemKey = "subsystem"

    private let output: LogOutput
    private var subsystem: String
    /// A fixed level that overrides the output's.
    private var ownLevel: Logger.Level?
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    init(output: LogOutput, subsystem: String) {
        self.output = output
        self.subsystem = subsystem
    }

    var logLevel: Logger.Level {
        get { ownLevel ?? output.level(of: subsystem) }
        set { ownLevel = newValue }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { key == Self.subsystemKey ? .string(subsystem) : metadata[key] }
        set {
            if key == Self.subsystemKey, let newValue {
                subsystem = "\(newValue)"
            } else {
                metadata[key] = newValue
            }
        }
    }

    func log(event: LogEvent) {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { $1 } }
        if let own = event.metadata { all.merge(own) { $1 } }
        if let error = event.error, all["error"] == nil { all["error"] = "\(error)" }
        output.write(
            LogLine(time: .now, level: event.level, subsystem: subsystem, message: "\(event.message)", metadata: all)
        )
    }
}
