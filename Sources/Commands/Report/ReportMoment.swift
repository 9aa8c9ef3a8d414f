import ArgumentParser
import Backup
import Kubernetes
import Presentation

/// A time as an admin writes it: `2026-01-31T12:00:00Z`, a day in UTC, or an age such as `7d`.
enum ReportMoment: ExpressibleByArgument, Equatable {
    case at(Timestamp)
    /// A day, by its first second.
    case day(Timestamp)
    case ago(Age)

    /// 0001-01-01T00:00:00Z: an age may reach back further than any time that can be written.
    private static let yearOne: Int64 = -62_135_596_800

    init?(argument: String) {
        if let time = Timestamp(argument) {
            self = .at(time)
        } else if argument.utf8.count == 10, let day = Timestamp("\(argument)T00:00:00Z") {
            self = .day(day)
        } else if let age = Age(argument) {
            self = .ago(age)
        } else {
            return nil
        }
    }

    /// The first second of the moment.
    func start(now: Timestamp) -> Timestamp {
        switch self {
        case .at(let time), .day(let time): time
        case .ago(let age): Timestamp(seconds: max(now.seconds - age.seconds, Self.yearOne))
        }
    }

    /// The last second of the moment.
    func end(now: Timestamp) -> Timestamp {
        if case .day(let day) = self { Timestamp(seconds: day.seconds + 86_399) } else { start(now: now) }
    }
}
