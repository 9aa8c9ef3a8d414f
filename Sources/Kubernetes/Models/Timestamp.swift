import Foundation

/// An instant in whole seconds, RFC 3339 on the wire (`metav1.Time`).
package struct Timestamp: Codable, Comparable, Hashable, Sendable, CustomStringConvertible {
    /// Seconds since 1970-01-01T00:00:00Z.
    package let seconds: Int64

    package init(seconds: Int64) {
        self.seconds = seconds
    }

    /// - Returns: `nil` for a time that RFC 3339 cannot represent.
    package init?(exactly seconds: some BinaryInteger) {
        guard let seconds = Int64(exactly: seconds), RFC3339.seconds.contains(seconds) else { return nil }
        self.seconds = seconds
    }

    /// Creates the second that contains `date`.
    package init(_ date: Date) {
        seconds = Int64(date.timeIntervalSince1970.rounded(.down))
    }

    /// Reads an RFC 3339 instant, with any offset; a fraction is cut off.
    package init?(_ text: String) {
        guard let microseconds = RFC3339.microseconds(text) else { return nil }
        seconds = (microseconds - (microseconds % 1_000_000 + 1_000_000) % 1_000_000) / 1_000_000
    }

    /// The current second on the wall clock, or on ``clock``.
    package static var now: Timestamp { clock?.now ?? Timestamp(Date()) }

    /// The clock of a task that does not run in real time, and of the tasks that it starts.
    @TaskLocal package static var clock: (any WallClock)?

    package var date: Date { Date(timeIntervalSince1970: TimeInterval(seconds)) }

    /// `2006-01-02T15:04:05Z`; a time out of range becomes the first or the last one that RFC 3339 can represent.
    package var description: String {
        let seconds = min(max(seconds, RFC3339.seconds.lowerBound), RFC3339.seconds.upperBound)
        return RFC3339.string(microseconds: seconds * 1_000_000, fraction: false)
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.seconds < right.seconds
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let timestamp = Timestamp(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "“\(text)” is not an RFC 3339 time")
        }
        self = timestamp
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// A substitute for the machine's clock.
package protocol WallClock: Sendable {
    var now: Timestamp { get }
}
