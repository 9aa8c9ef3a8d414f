import Provisioning

/// What a report says of one volume or archive, and why.
package struct BackupJudgement: Sendable, Hashable {
    /// What is begun should be done after so many seconds.
    static let grace: Int64 = 3600

    package var verdict: BackupVerdict
    /// One sentence.
    package var reason: String

    init(_ verdict: BackupVerdict, _ reason: String) {
        self.verdict = verdict
        self.reason = reason
    }

    /// `what` is under way, and overdue if it began long ago.
    init(underWay what: String, for age: Int64) {
        self.init(
            age > Self.grace ? .overdue : .ok,
            age > Self.grace ? "\(what) for \(Self.span(age)) now: look into the controller's log" : what
        )
    }

    /// A hook's failure, if one failed last.
    init?(failureOf hooks: [HookResult]?) {
        guard let result = hooks?.last(where: \.isFailure) else { return nil }
        self.init(
            .failed,
            "hook \(result.name) (\(result.phase.rawValue)) failed at attempt \(result.attempts): \(result.message)"
        )
    }

    /// A number of seconds in the largest unit that fits.
    static func span(_ seconds: Int64) -> String {
        switch seconds {
        case ..<120: "\(seconds) s"
        case ..<7200: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3600) h"
        default: "\(seconds / 86_400) d"
        }
    }
}
