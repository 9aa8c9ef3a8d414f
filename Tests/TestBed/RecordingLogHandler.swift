import Logging
import Synchronization

/// Keeps what is logged, to be looked at.
package struct RecordingLogHandler: LogHandler {
    package final class Records: Sendable {
        private let lines = Mutex<[(message: String, metadata: Logger.Metadata)]>([])

        package var messages: [String] { lines.withLock { $0.map(\.message) } }

        package func metadata(of message: String) -> [Logger.Metadata] {
            lines.withLock { $0.filter { $0.message == message }.map(\.metadata) }
        }

        func append(_ message: String, _ metadata: Logger.Metadata) {
            lines.withLock { $0.append((message, metadata)) }
        }
    }

    package let records: Records
    package var logLevel = Logger.Level.info
    package var metadata: Logger.Metadata = [:]

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        records.append("\(event.message)", metadata.merging(event.metadata ?? [:]) { $1 })
    }

    /// A logger, and what it will have logged.
    package static func logger() -> (Logger, Records) {
        let records = Records()
        return (Logger(label: "test") { _ in RecordingLogHandler(records: records) }, records)
    }
}
