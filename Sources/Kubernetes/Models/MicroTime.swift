import Foundation

/// An instant in microseconds, RFC 3339 with exactly six fraction digits on the wire (`metav1.MicroTime`).
///
/// The API server refuses a lease whose times have another number of digits.
package struct MicroTime: Codable, Comparable, Hashable, Sendable, CustomStringConvertible {
    /// Microseconds since 1970-01-01T00:00:00Z.
    package let microseconds: Int64

    package init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// Creates the first microsecond of a second.
    package init(_ second: Timestamp) {
        microseconds = second.seconds * 1_000_000
    }

    /// Creates the microsecond that contains `date`.
    package init(_ date: Date) {
        microseconds = Int64((date.timeIntervalSince1970 * 1_000_000).rounded(.down))
    }

    /// Reads an RFC 3339 instant, with any offset and any number of fraction digits.
    package init?(_ text: String) {
        guard let microseconds = RFC3339.microseconds(text) else { return nil }
        self.microseconds = microseconds
    }

    /// The current microsecond on the wall clock; the current second on ``Timestamp/clock``.
    package static var now: MicroTime {
        Timestamp.clock.map { MicroTime($0.now) } ?? MicroTime(Date())
    }

    /// The second that contains it.
    package var second: Timestamp {
        Timestamp(seconds: microseconds.quotientAndRemainder(dividingBy: 1_000_000).quotient)
    }

    package var date: Date { Date(timeIntervalSince1970: TimeInterval(microseconds) / 1_000_000) }

    /// `2006-01-02T15:04:05.000000Z`.
    package var description: String {
        RFC3339.string(microseconds: microseconds, fraction: true)
    }

    package static func < (left: MicroTime, right: MicroTime) -> Bool {
        left.microseconds < right.microseconds
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let time = MicroTime(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "“\(text)” is not an RFC 3339 time")
        }
        self = time
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
