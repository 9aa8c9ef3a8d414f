import Kubernetes
import Presentation
import Provisioning
import Settings
import Testing
import Yams

@testable import Backup

@Suite("Usage: the section of the configuration file")
struct UsageScheduleTests {
    static func schedule(_ yaml: String) throws -> UsageSchedule {
        let node = try #require(try Yams.compose(yaml: yaml)?["usage"])
        return try UsageSchedule(node, file: "settings.yaml")
    }

    @Test("Every setting, and the defaults: once a day, one walk a second")
    func everything() throws {
        let schedule = try Self.schedule("usage: {enabled: false, interval: 12h, volumesPerMinute: 6}")
        #expect(!schedule.isEnabled && schedule.interval.seconds == 43_200 && schedule.pace == .seconds(10))
        let standard = try Self.schedule("usage: {}")
        #expect(standard == UsageSchedule() && standard.isEnabled && standard.interval.seconds == 86_400)
        #expect(standard.pace == .seconds(1) && standard.pause == .seconds(10_800) && standard.oldestSample == 75_600)
    }

    @Test(
        "A mistake is reported with its line",
        arguments: [
            ("usage:", "usage in settings.yaml, line 1, is not a mapping: write enabled,"),
            ("usage:\n  every: 1h", "usage.every in settings.yaml, line 2, is not known: use enabled"),
            ("usage:\n  enabled: maybe", "usage.enabled in settings.yaml, line 2, is \"maybe\": use true or false"),
            ("usage:\n  interval: 0s", "is \"0s\": use a duration from 1s to 365d"),
            ("usage:\n  volumesPerMinute: 0", "is \"0\": use a number from 1 to 60000"),
        ]
    )
    func mistakes(yaml: String, sentence: String) {
        let error = #expect(throws: SectionError.self) { try Self.schedule(yaml) }
        #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "")")
    }

    @Test("Reported when a volume exceeds its request, when it grew by a tenth, and once a day")
    func news() {
        func sample(_ used: UInt64, at seconds: Int64 = 100) -> UsageSample {
            UsageSample(at: Timestamp(seconds: seconds), usedBytes: used, lengthBytes: 0, files: 0, directories: 0)
        }
        func isNews(_ used: UInt64, after earlier: UsageSample?, at seconds: Int64 = 100) -> Bool {
            RequestCheck.isNews(sample(used, at: seconds), after: earlier, request: 1000)
        }
        #expect(!isNews(1000, after: nil) && isNews(1001, after: nil))
        #expect(isNews(1001, after: sample(1000)) && !isNews(2000, after: sample(2000)))
        #expect(!isNews(2150, after: sample(2000)) && isNews(2250, after: sample(2000)))
        #expect(!isNews(2000, after: sample(2000), at: 86_399) && isNews(2000, after: sample(2000), at: 86_400))
        #expect(isNews(.max, after: sample(2000)))
    }
}
