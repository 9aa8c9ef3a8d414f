import Presentation
import Settings
import Yams

/// When volumes and archives are measured, and how fast: the section `usage` of the configuration file.
package struct UsageSchedule: Sendable, Hashable {
    /// Without it nothing is measured.
    package var isEnabled = true
    /// How often a volume is measured.
    package var interval = Age(seconds: 86_400)
    /// How many walks are begun a minute at most, on each share.
    package var volumesPerMinute = 60

    package init() {}

    /// How often is looked for what is due.
    var pause: Duration { .seconds(max(interval.seconds / 8, min(interval.seconds, 60))) }
    /// How old a sample may be, in seconds, so that the next look would not be too late for it.
    var oldestSample: Int64 { interval.seconds - interval.seconds / 8 }
    /// From the beginning of one walk to that of the next.
    var pace: Duration { .seconds(60) / volumesPerMinute }
}

extension UsageSchedule {
    /// Reads the section.
    ///
    /// - Parameters:
    ///   - node: What stands under `usage`.
    ///   - file: The file's path, for people.
    /// - Throws: ``SectionError`` with every mistake there is.
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
