import Foundation
import Kubernetes
import Provisioning
import TestBed
import Testing

@testable import Commands

@Suite("Retention: what the cluster needs is kept, by the controller and by the command line (K1)")
struct ProtectedArchiveTests {
    @Test("Kept: archives that a claim waits for, that a volume is on, or whose class requires a backup")
    func kept() async throws {
        try await Scenario.run { scenario in
            let volumes = try await Self.archives(in: scenario)
            let names = ["asked", "mounted", "strict", "due"]
            let archives = Dictionary(uniqueKeysWithValues: zip(names, volumes))
            try await Self.protect(archives, in: scenario)
            let config = try scenario.configuration(RetentionTests.everything)
            let cluster = ["KUBECONFIG": scenario.bed.controllerKubeconfig]

            let list = try await scenario.run(["archive", "list", "--config", config, "--output", "json"], cluster)
            let listed = try JSONDecoder().decode(ArchiveListing.Document.self, from: Data(list.output.utf8)).archives
            #expect(listed.filter { $0.keptUntil != nil }.map(\.claim) == ["due"])

            let expired = ["archive", "purge", "--expired", "--config", config, "--output", "json"]
            let dry = try await scenario.run(expired + ["--dry-run"], cluster)
            let document = try JSONDecoder().decode(ExpiredArchiveListing.Document.self, from: Data(dry.output.utf8))
            #expect(document.archives.map(\.claim) == ["due"])
            #expect(dry.code == 1 && dry.error.contains("its class \(scenario.className("strict")) requires a backup"))

            let silent = cluster.merging(["KUBECONFIG": try Self.unreachable(in: scenario)]) { $1 }
            let refused = try await scenario.run(expired + ["--yes"], silent)
            #expect(refused.code == 1 && refused.error.contains("use --offline to purge without asking it"))
            #expect(try scenario.listing(scenario.share).count == 4)

            let controller = try scenario.startController(configuration: config)
            let due = scenario.archive(of: volumes[3]).path()
            try await eventually("what is due is purged") { !FileManager.default.fileExists(atPath: due) }
            try await eventually("the run is over") { controller.log.contains("retention run finished") }
            #expect(try scenario.listing(scenario.share).count == 3)
            controller.signal(SIGTERM)
            try await eventually("the controller has stopped", within: .seconds(60)) { !controller.isRunning }
        }
    }

    @Test("archive purge refuses archives that a claim or a volume needs, or whose class requires a backup")
    func byHand() async throws {
        try await Scenario.run { scenario in
            let volumes = try await Self.archives(in: scenario)
            let names = ["asked", "mounted", "strict", "due"]
            try await Self.protect(Dictionary(uniqueKeysWithValues: zip(names, volumes)), in: scenario)
            let cluster = ["KUBECONFIG": scenario.bed.controllerKubeconfig]
            func purge(_ volume: PersistentVolume, _ flags: [String] = []) async throws -> Scenario.ProgramResult {
                let arguments = ["archive", "purge", volume.key.name, "--reason", "test", "--yes"]
                return try await scenario.run(arguments + flags, cluster)
            }
            let mounted = try await purge(volumes[1])
            #expect(mounted.code == 1 && mounted.error.contains("volume \(scenario.className("static")) uses it"))
            let strict = try await purge(volumes[2])
            #expect(strict.code == 1 && strict.error.contains("it has none; back it up, or use --without-backup"))
            #expect(try scenario.listing(scenario.share).count == 4)
            #expect(try await purge(volumes[2], ["--without-backup"]).code == 0)
            let asked = try await purge(volumes[0])
            #expect(asked.code == 1 && asked.error.contains("requests it; delete it first"))
            #expect(try scenario.listing(scenario.share).count == 3)
        }
    }

    /// The archives of four claims, the third of a class of its own, made by a controller that is gone afterwards.
    private static func archives(in scenario: Scenario) async throws -> [PersistentVolume] {
        let strict = try await scenario.createClass("strict")
        let volumes = try await RetentionTests.archive(
            ["asked", "mounted", "strict", "due"],
            in: scenario,
            classOf: { $0 == "strict" ? "strict" : "standard" }
        )
        try await scenario.admin.api(StorageClass.self).delete(ObjectKey(name: strict))
        try await scenario.createClass("strict", parameters: ["backup": "required"])
        return volumes
    }

    /// Has a claim wait for its first consumer and ask for an archive, and a volume lie on another.
    private static func protect(_ archives: [String: PersistentVolume], in scenario: Scenario) async throws {
        let asked = try #require(archives["asked"])
        let mounted = try #require(archives["mounted"])
        try await scenario.createClass("waiting", bindingMode: .waitForFirstConsumer)
        try await scenario.createClaim(
            "waiter",
            class: "waiting",
            annotations: [AnnotationKey.restoreFrom: asked.key.name]
        )
        let volume = PersistentVolume(
            metadata: ObjectMeta(name: scenario.className("static")),
            spec: PersistentVolume.Spec(
                capacity: ["storage": Quantity(rawValue: "1Gi")],
                accessModes: [.readOnlyMany],
                nfs: PersistentVolume.NFSSource(
                    server: scenario.bed.nfsServer,
                    path: scenario.archive(of: mounted).path()
                ),
                persistentVolumeReclaimPolicy: .retain
            )
        )
        _ = try await scenario.admin.api().create(volume)
    }

    /// A configuration for a cluster that does not answer.
    private static func unreachable(in scenario: Scenario) throws -> String {
        try scenario.configuration(
            """
            apiVersion: v1
            kind: Config
            current-context: away
            clusters: [{name: away, cluster: {server: "http://127.0.0.1:1"}}]
            contexts: [{name: away, context: {cluster: away, user: nobody}}]
            users: [{name: nobody, user: {}}]
            """
        )
    }
}
