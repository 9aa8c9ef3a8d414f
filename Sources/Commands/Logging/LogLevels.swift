import Foundation
import Logging

/// The lowest level that is logged, by subsystem: `info,nfs=debug,kubernetes=warning`.
struct LogLevels: Hashable {
    /// The level of subsystems that are not named.
    private(set) var standard = Logger.Level.info
    private(set) var named: [LogSubsystem: Logger.Level] = [:]

    init() {}

    /// - Returns: nil if a level or subsystem is unknown, or is given twice.
    init?(_ text: String) {
        var hasStandard = false
        for part in text.lowercased().split(separator: ",", omittingEmptySubsequences: false) {
            let words = part.split(separator: "=", omittingEmptySubsequences: false)
                .map { $0.trimmingCharacters(in: .whitespaces) }
            guard let level = words.last.flatMap({ Logger.Level(rawValue: $0) }) else { return nil }
            switch words.count {
            case 1 where !hasStandard:
                standard = level
                hasStandard = true
            case 2:
                guard let subsystem = LogSubsystem(rawValue: words[0]), named[subsystem] == nil else { return nil }
                named[subsystem] = level
            default:
                return nil
            }
        }
    }

    /// The level of a logger's subsystem, known or not.
    func level(of subsystem: String) -> Logger.Level {
        LogSubsystem(rawValue: subsystem).flatMap { named[$0] } ?? standard
    }

    /// The same levels, none below a floor.
    func atLeast(_ floor: Logger.Level) -> LogLevels {
        var levels = self
        levels.standard = max(standard, floor)
        levels.named = named.mapValues { max($0, floor) }
        return levels
    }

    static let expected =
        "use one of \(Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")), and for single subsystems "
        + "one of \(LogSubsystem.allCases.map(\.rawValue).joined(separator: ", ")) with its level, as in info,nfs=debug"
}

extension LogLevels: CustomStringConvertible {
    var description: String {
        let others = named.map { "\($0.key.rawValue)=\($0.value.rawValue)" }.sorted()
        return ([standard.rawValue] + others).joined(separator: ",")
    }
}

/// The parts of the program that can have different levels. Loggers carry theirs as the metadata `subsystem`.
enum LogSubsystem: String, CaseIterable {
    /// The process, its configuration, the election.
    case controller
    /// Requests to the API server, and watches.
    case kubernetes
    /// Claims, volumes, exports.
    case provisioning
    /// Calls to NFS servers.
    case nfs
    /// Hooks, retention, measuring.
    case backup
    /// The page with the reports.
    case reports
}
