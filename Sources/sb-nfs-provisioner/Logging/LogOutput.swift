import Kubernetes
import Logging
import Synchronization

/// Where all loggers of the process write. What is logged and how can change at any time, for all of them at once.
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

    /// From now on.
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
                message: "lines of the log were left out, because nobody took them",
                metadata: ["lines": .stringConvertible(lost)]
            ).text(format)
        }
    }
}
