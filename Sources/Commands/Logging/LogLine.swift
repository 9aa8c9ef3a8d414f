import Kubernetes
import Logging
import Presentation

/// One line of the log, before it is written.
struct LogLine {
    let time: MicroTime
    let level: Logger.Level
    let subsystem: String
    let message: String
    let metadata: Logger.Metadata

    /// The line as text, with a line break at its end and no other.
    func text(_ format: LogFormat) -> String {
        switch format {
        case .text: plain + "\n"
        case .json: json + "\n"
        }
    }

    /// `2026-01-31T12:00:00.000Z info     provisioning: claim bound claim=shop/db`.
    private var plain: String {
        let level = level.rawValue.padded(to: Self.levelWidth)
        let words = metadata.sorted { $0.key < $1.key }.map { "\($0.key)=\(Self.plain($0.value))" }
        return (["\(moment) \(level) \(subsystem): \(message.printable)"] + words).joined(separator: " ")
    }

    /// Time, level, subsystem and message, then the metadata by name.
    private var json: String {
        let head = [
            ("time", moment), ("level", level.rawValue), ("subsystem", subsystem), ("message", message),
        ]
        let taken = head.map(\.0)
        let fields =
            head.map { "\($0.quoted):\($1.quoted)" }
            + metadata.sorted { $0.key < $1.key }.map { name, value in
                "\((taken.contains(name) ? "metadata.\(name)" : name).quoted):\(Self.json(value))"
            }
        return "{\(fields.joined(separator: ","))}"
    }

    /// RFC 3339 with milliseconds.
    private var moment: String { "\(time.description.prefix(23))Z" }

    private static let levelWidth = Logger.Level.allCases.map(\.rawValue.count).max() ?? 0

    private static func plain(_ value: Logger.MetadataValue) -> String {
        switch value {
        case .array(let values): "[\(values.map(plain).joined(separator: ", "))]"
        case .dictionary(let values):
            "{\(values.sorted { $0.key < $1.key }.map { "\(bare($0.key))=\(plain($0.value))" }.joined(separator: ", "))}"
        default: bare("\(value)")
        }
    }

    /// Quotes the text unless it is a single word.
    private static func bare(_ text: String) -> String {
        let isWord =
            !text.isEmpty && text.unicodeScalars.allSatisfy { !$0.isUnseen && !" \"=".unicodeScalars.contains($0) }
        return isWord ? text : text.quoted
    }

    private static func json(_ value: Logger.MetadataValue) -> String {
        switch value {
        case .array(let values): "[\(values.map(json).joined(separator: ","))]"
        case .dictionary(let values):
            "{\(values.sorted { $0.key < $1.key }.map { "\($0.key.quoted):\(json($0.value))" }.joined(separator: ","))}"
        case .stringConvertible(let number as Int): "\(number)"
        case .stringConvertible(let number as Double) where number.isFinite: "\(number)"
        default: "\(value)".quoted
        }
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(width - count, 0)) }
}
