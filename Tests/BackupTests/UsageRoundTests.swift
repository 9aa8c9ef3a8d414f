import ControllerKit
import Foundation
import Kubernetes
import Logging
import NFS
import Presentation
import TestBed
import Testing

@testable import Backup
@testable import Provisioning

@Suite("Usage measured on a real share")
struct UsageRoundTests {
    @Test("Volumes and archives of ours are measured, once an interval; another cluster's are not")
    func measured() async throws {
        try await UsageFixture.run { fixture in
            try await fixture.volume("small", bytes: 10)
            try await fixture.volume("large", bytes: 300_000)
            try await fixture.volume("theirs", bytes: 10, cluster: "theirs")
            try await fixture.space.archive("old")
            await fixture.round().perform()
            let histories = try await fixture.space.share.usageHistories()
            #expect(histories.keys.sorted() == ["large", "old", "small"])
            let large = try #require(histories["large"]?.latest)
            #expect(large.lengthBytes == 300_000 && large.usedBytes >= 300_000 && large.files == 1)
            await fixture.round().perform()
            #expect(fixture.measured == ["3/0"])
            #expect(try await fixture.counts == ["large": 1, "old": 1, "small": 1])
        }
    }

    @Test("A round stopped in the middle is continued, not restarted")
    func resumed() async throws {
        try await UsageFixture.run { fixture in
            for name in ["a", "b", "c"] { try await fixture.volume(name, bytes: 10) }
            let stopped = Task { await fixture.round(UsageFixture.schedule(volumesPerMinute: 1)).perform() }
            try await eventually("the first is measured") { try await fixture.counts.count == 1 }
            stopped.cancel()
            await stopped.value
            #expect(fixture.measured == [] && fixture.space.records.messages == [])
            await fixture.round().perform()
            #expect(fixture.measured == ["2/0"])
            #expect(try await fixture.counts == ["a": 1, "b": 1, "c": 1])
        }
    }

    @Test("An unmeasurable item is reported once, is measured last, and does not delay others")
    func trouble() async throws {
        try await UsageFixture.run { fixture in
            for name in ["a", "b"] { try await fixture.volume(name, bytes: 10) }
            try await fixture.space.share.open { opened in
                var record = try #require(
                    try await opened.records.read(VolumeRecord.self, "a")
                )
                record.directory?.fileID += 1
                try await opened.records.write(record)
            }
            let troubles = UsageTroubles()
            for _ in 1...2 { await fixture.round(UsageFixture.schedule(), troubles).perform() }
            #expect(fixture.measured == ["1/1", "0/1"])
            #expect(try await fixture.counts == ["b": 1])
            let told = fixture.space.records.metadata(of: "volume is not measured")
            #expect(told.count == 1 && told.first?["volume"].map { "\($0)" } == "a")
        }
    }

    @Test("Without the lease nothing is written; a broken ledger is reported once, and stays unchanged")
    func ledgerTrouble() async throws {
        try await UsageFixture.run { fixture in
            try await fixture.volume("a", bytes: 10)
            await fixture.round().perform()
            fixture.space.gate.close()
            try await fixture.space.share.open { _ in }
            var short = UsageFixture.schedule()
            short.interval = Age(seconds: 1)
            try await eventually("it is due again") {
                let latest = try await fixture.space.share.usageHistories()["a"]?.latest
                return (latest?.at.seconds ?? .max) < Timestamp.now.seconds
            }
            await fixture.round(short).perform()
            #expect(try await fixture.counts == ["a": 1])
            #expect(fixture.space.records.messages.contains("usage is not measured"))
            fixture.space.gate.open(under: nil)
            await fixture.round(short).perform()
            #expect(fixture.measured == ["1/0", "1/0"])
        }
    }

    @Test("A volume that is gone is forgotten; one that became an archive is not")
    func forgotten() async throws {
        try await UsageFixture.run { fixture in
            for name in ["kept", "gone"] { try await fixture.volume(name, bytes: 10) }
            await fixture.round().perform()
            try await fixture.space.share.forget(volume: "gone")
            await fixture.round().perform()
            #expect(try await fixture.counts == ["kept": 1])
        }
    }

    @Test("The task continues after a share was unreachable, and reports nothing after its end")
    func task() async throws {
        try await UsageFixture.run { fixture in
            try await fixture.volume("a", bytes: 10)
            var schedule = UsageFixture.schedule()
            schedule.interval = Age(seconds: 1)
            let away = ShareAddress(
                export: try #require(ExportPath(server: "127.0.0.1", path: "/srv")),
                options: try ConnectionOptions.parse(["port=1", "mountport=1", "timeo=10", "retrans=0"])
            )
            let (task, space) = (fixture.task(schedule), fixture.space)
            let work = Task { await task.run(on: space.shares) { [away, space.address] } }
            try await eventually("it is measured") { try await fixture.counts["a"] != nil }
            try await fixture.volume("b", bytes: 10)
            try await eventually("so is a new one") { try await fixture.counts["b"] != nil }
            work.cancel()
            await work.value
            let told = fixture.space.records.metadata(of: "usage is not measured")
            #expect(told.count == 1 && told.first?["export"].map { "\($0)" } == "127.0.0.1:/srv")
        }
    }
}
