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
