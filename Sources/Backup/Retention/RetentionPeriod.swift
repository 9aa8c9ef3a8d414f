import Kubernetes
import Presentation

/// How long an archive is kept.
package enum RetentionPeriod: Sendable, Hashable {
    case age(Age)
    case forever

    /// The longest age: long enough, and no sum with it overflows the calendar.
    private static let longest = Age(seconds: 36_500 * 86_400)
    static let expected = "use a time such as 12h, 30d or 2w, up to \(longest), or forever"

    /// - Returns: nil if the text is not as ``expected`` describes.
    package init?(_ text: String) {
        if text == "forever" {
            self = .forever
        } else if let age = Age(text), age.seconds <= Self.longest.seconds {
            self = .age(age)
        } else {
            return nil
        }
    }

    /// When it is over; nil if it never is.
    func end(since start: Timestamp) -> Timestamp? {
        switch self {
        case .age(let age): Timestamp(seconds: start.seconds + age.seconds)
        case .forever: nil
        }
    }
}

extension RetentionPeriod: CustomStringConvertible {
    package var description: String {
        switch self {
        case .age(let age): age.description
        case .forever: "forever"
        }
    }
}
