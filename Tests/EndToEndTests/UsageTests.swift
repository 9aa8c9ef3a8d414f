import Foundation
import Kubernetes
import Provisioning
import TestBed
import Testing

@Suite("Usage: the controller measures volumes and says who holds more than asked for")
struct UsageTests {
    static let often = "usage: {interval: 1s, volumesPerMinute: 60000}\n"

    /// What the ledger and the journal of a share say, line by line.
    static func lines(_ scenario: Scenario, of volume: String) throws -> [Substring] {
        let folder = scenario.share.appending(path: ".sb-nfs-provisioner/usage")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
        return names.filter { !$0.hasPrefix(".") }.compactMap { try? scenario.read(folder.appending(path: $0)) }
            .flatMap { $0.split(separator: "\n") }.filter { $0.contains("\"\(volume)\"") }
    }

    @Test("A claim above its request gets one warning, not one per round")
    func aboveRequest() async throws {
        try await Scenario.run { scenario in
            let controller = try scenario.startController(configuration: try scenario.configuration(Self.often))
            try await scenario.createClass()
            try await scenario.createClaim("greedy") {
                $0.spec?.resources?.requests?["storage"] = Quantity(rawValue: "4Ki")
            }
            try await scenario.createClaim("modest")
            let (greedy, modest) = (
                try await scenario.boundVolume(of: "greedy"), try await scenario.boundVolume(of: "modest")
            )
            try scenario.write(
                String(repeating: "x", count: 50_000),
                to: scenario.directory(of: greedy).appending(path: "f")
            )
            try await scenario.expectEvent(
                EventReason.volumeAboveRequest,
                on: "greedy",
                saying: "more than the 4Ki that its claim requests; NFS does not enforce requests"
            )
            let told = try await scenario.events(EventReason.volumeAboveRequest, on: "greedy")
            #expect(told.allSatisfy { $0.type == .warning && $0.involvedObject.uid == greedy.spec?.claimRef?.uid })
            #expect(controller.log.contains("volume uses more than its claim requests"))

            func rounds() -> Int { controller.log.split(separator: "usage measured").count }
            let before = rounds()
            try await eventually("more rounds are done") { rounds() >= before + 2 }
            let later = try await scenario.events(EventReason.volumeAboveRequest, on: "greedy")
            #expect(later.count <= told.count + 1 && later.allSatisfy { ($0.count ?? 0) == 1 })
            #expect(try await scenario.events(EventReason.volumeAboveRequest, on: "modest") == [])
            #expect(try !Self.lines(scenario, of: modest.key.name).isEmpty)
            controller.signal(SIGTERM)
            try await eventually("the controller has stopped", within: .seconds(60)) { !controller.isRunning }
        }
    }

    @Test("During the walk of a large tree a claim is served, and a release of the tree's volume is no error")
    func besideProvisioning() async throws {
        try await Scenario.run { scenario in
            let first = try scenario.startController(
                configuration: try scenario.configuration("usage: {enabled: false}")
            )
            try await scenario.createClass()
            try await scenario.createClaim("large")
            let large = try await scenario.boundVolume(of: "large")
            first.signal(SIGTERM)
            try await eventually("the controller has stopped") { !first.isRunning }
            let folder = scenario.directory(of: large)
            for directory in 0..<5000 {
                try FileManager.default.createDirectory(
                    at: folder.appending(path: "\(directory % 50)/\(directory)"),
                    withIntermediateDirectories: true
                )
            }
            let bed = scenario.bed
            let far = try await DelayingProxy(to: bed.nfsServer, port: bed.nfsPort, roundTrip: .milliseconds(20))
            let controller = try scenario.startController(
                ["NFS_MOUNT_OPTIONS": "port=\(far.port),mountport=\(bed.nfsMountPort)"],
                configuration: try scenario.configuration(Self.often)
            )
            let usage = scenario.share.appending(path: ".sb-nfs-provisioner/usage").path()
            try await eventually("a round has begun") { FileManager.default.fileExists(atPath: usage) }
            try await scenario.createClaim("next")
            _ = try await scenario.boundVolume(of: "next")
            #expect(try Self.lines(scenario, of: large.key.name).isEmpty, "the walk goes on")

            try await scenario.deleteClaim("large")
            try await scenario.expectGone(large)
            try await eventually("a round is done") { controller.log.contains("usage measured") }
            #expect(!controller.log.contains("is not measured"))
            #expect(try !Self.lines(scenario, of: large.key.name).isEmpty, "it is an archive now")
            withExtendedLifetime((controller, far)) {}
        }
    }
}
