import Kubernetes
import Logging

/// Writes to the process' ``LogOutput``, which decides what and how. The metadata `subsystem` says whose level counts.
struct OutputLogHandler: LogHandler {
    private static let subsystemKey = "subsystem"

    private let output: LogOutput
    private var subsystem: String
    /// Set by whoever wants a level that does not change.
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
