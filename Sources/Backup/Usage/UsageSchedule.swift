import Presentation
import Settings
import Yams

/// When volumes and archives are measured, and how fast: the section `usage` of the configuration file.
package struct UsageSchedule: Sendable, Hashable {
    /// Whether anything is measured.
    package var isEnabled = true
    /// How often a volume is measured.
    package var interval = Age(seconds: 86_400)
    /// The most walks that start per minute on each share.
    package var volumesPerMinute = 60

    package init() {}

    /// The time between two rounds.
    var pause: Duration { .seconds(max(interval.seconds / 8, min(interval.seconds, 60))) }
    /// The age, in seconds, at which a sample is due: the next round would be too late for it.
    var oldestSample: Int64 { interval.seconds - interval.seconds / 8 }
    /// The time from the start of one walk to the start of the next.
    var pace: Duration { .seconds(60) / volumesPerMinute }
}

extension UsageSchedule {
    /// Reads the section.
    ///
    /// - Parameters:
    ///   - node: The value of `usage`.
    ///   - file: The file's path, for messages.
    /// - Throws: `SectionError` with every mistake.
    package init(_ node: Node, file: String) throws(SectionError) {
        var reader = SectionReader(file: file)
        let keys = ["enabled", "interval", "volumesPerMinute"]
        let parts = reader.mapping(SectionPart(name: "usage", node: node), keys: keys) ?? [:]
        isEnabled = reader.flag(parts["enabled"]) ?? isEnabled
        interval = reader.age(parts["interval"], upTo: Age(seconds: 365 * 86_400)) ?? interval
        volumesPerMinute = reader.number(parts["volumesPerMinute"], in: 1...60_000) ?? volumesPerMinute
        try reader.finish()
    }
}
