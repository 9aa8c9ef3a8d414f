import Foundation
import Kubernetes
import Provisioning
import TestBed
import Testing

@Suite("http hooks, from the program to an HTTPS server")
struct HTTPHookTests {
    @Test("A signed request answered with 500, then 202, then 200 at the status address has backed up the volume")
    func done() async throws {
        try await Scenario.run { scenario in
            try await BackupServer.run([500, 202, 202, 200]) { server in
                let controller = try start(server.hook(), retries: 1, scenario)
                let volume = try await archive(scenario)
                let path = scenario.directory(of: volume).path()
                try await scenario.expectGone(volume)
                try await scenario.expectEvent(
                    "HookSucceeded",
                    on: volume.key.name,
                    in: "default",
                    saying: "hook tell (beforeArchive): \(server.url)/hook answered 200"
                )

                let requests = try server.requests
                #expect(requests.map(\.method) == ["POST", "POST", "GET", "GET"])
                #expect(requests.map(\.path) == ["/hook", "/hook", "/work/1", "/work/1"])
                #expect(requests.map(\.isSigned) == [true, true, true, true])
                #expect(Set(requests.map(\.key)).count == 1)
                #expect(requests[0].key?.wholeMatch(of: /[0-9a-f]{64}/) != nil)
                #expect(requests[0].body == requests[1].body)
                let body = try JSONDecoder().decode(Body.self, from: Data(requests[0].body.utf8))
                #expect(body.version == 1 && body.hook == "tell" && body.phase == "beforeArchive")
                #expect(body.volume == volume.key.name && body.path == path && body.idempotencyKey == requests[0].key)
                #expect(body.claim == ["namespace": scenario.namespace, "name": "data", "uid": volume.claimUID])

                let result = try #require(try scenario.archiveRecord(of: volume).hooks?.first)
                #expect(result.outcome == .succeeded && result.httpStatus == 200 && result.attempts == 2)
                #expect(result.output == "it was •••")
                try await expectNoSecret(scenario, controller)
            }
        }
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        let sentence: String
        let answer: Int
        var isStranger = false
        var testDescription: String { sentence }
    }

    @Test(
        "A redirect and a wrong certificate are failures: no data is sent elsewhere, and the volume stays in place",
        arguments: [
            Refusal(sentence: "answered 307: redirects are not followed", answer: 307),
            Refusal(sentence: "certificate is not signed by the configured authority", answer: 200, isStranger: true),
        ]
    )
    func refused(refusal: Refusal) async throws {
        try await Scenario.run { scenario in
            try await BackupServer.run(Array(repeating: refusal.answer, count: 100)) { server in
                let hook = server.hook(caFile: refusal.isStranger ? server.strangersFile : nil)
                let controller = try start(hook, scenario)
                let volume = try await archive(scenario)
                for reason in ["HookFailed", "VolumeFailedDelete"] {
                    try await scenario.expectEvent(reason, on: volume.key.name, in: "default", saying: refusal.sentence)
                }
                #expect(try scenario.read(scenario.directory(of: volume).appending(path: "file")) == "text")
                #expect(try await scenario.volume(volume.key.name)?.status?.phase == .released)
                let requests = try server.requests
                #expect(requests.isEmpty == refusal.isStranger && requests.allSatisfy { $0.path == "/hook" })
                #expect(try scenario.archiveRecord(of: volume).hooks?.first?.outcome == .failed)
                try await expectNoSecret(scenario, controller)
            }
        }
    }

    private struct Body: Decodable {
        let version: Int
        let hook, phase, volume, path, idempotencyKey: String
        let claim: [String: String]
    }

    private func start(_ hook: String, retries: Int = 0, _ scenario: Scenario) throws -> ControllerProcess {
        let configuration = try scenario.configuration(
            """
            hooks:
              - name: tell
                phase: beforeArchive
                retries: \(retries)
                \(hook)
            """
        )
        return try scenario.startController(["LOG_LEVEL": "trace"], configuration: configuration)
    }

    /// Makes a volume with a file, and deletes its claim.
    private func archive(_ scenario: Scenario) async throws -> PersistentVolume {
        try await scenario.createClass()
        try await scenario.createClaim("data")
        let volume = try await scenario.boundVolume(of: "data")
        try scenario.write("text", to: scenario.directory(of: volume).appending(path: "file"))
        try await scenario.deleteClaim("data")
        return volume
    }

    /// Neither the log, nor what is on the share, nor an event shows the secret.
    private func expectNoSecret(_ scenario: Scenario, _ controller: ControllerProcess) async throws {
        #expect(!controller.log.isEmpty && !controller.log.contains(BackupServer.secret))
        let files = FileManager.default.enumerator(at: scenario.share, includingPropertiesForKeys: nil)
        for case let file as URL in files ?? .init() where !file.hasDirectoryPath {
            #expect(try !Data(contentsOf: file).contains(Data(BackupServer.secret.utf8)), "\(file.path())")
        }
        let events = try await scenario.kubectl(["get", "events", "--all-namespaces", "--output", "json"])
        #expect(!events.contains(BackupServer.secret))
    }
}

extension PersistentVolume {
    fileprivate var claimUID: String { spec?.claimRef?.uid ?? "" }
}
