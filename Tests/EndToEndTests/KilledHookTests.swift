import Foundation
import Kubernetes
import Provisioning
import TestBed
import Testing

@Suite("A controller killed while a hook runs: the next one runs it, and none again that is recorded as done")
struct KilledHookTests {
    /// Lets the next controller lead at once.
    private let settings = ["ENABLE_LEADER_ELECTION": "false"]

    @Test("A program is killed with the controller's group, before it can take a truncated tar stream as complete")
    func exec() async throws {
        try await Scenario.run { scenario in
            let log = scenario.otherShare.appending(path: "runs")
            // The program's child reads, and both would tell of an end.
            let script =
                #"echo "begun $$ $SB_NFS_IDEMPOTENCY_KEY" >>\#(log.path());"#
                + #" (cat >/dev/null; echo "whole" >>\#(log.path())); echo "ended" >>\#(log.path())"#
            let configuration = try scenario.configuration(
                """
                hooks:
                  - name: save
                    phase: beforeArchive
                    timeout: 10m
                    exec: {command: [sh, -c, '\(script)'], stdin: tar}
                """
            )
            let first = try scenario.startController(settings, configuration: configuration)
            try await scenario.createClass()
            try await scenario.createClaim("data")
            let volume = try await scenario.boundVolume(of: "data")
            let endless = scenario.directory(of: volume).appending(path: "endless").path()
            #expect(FileManager.default.createFile(atPath: endless, contents: nil))
            #expect(truncate(endless, 1 << 40) == 0)
            try await scenario.deleteClaim("data")
            func runs() -> [[Substring]] {
                ((try? scenario.read(log)) ?? "").split(separator: "\n").map { $0.split(separator: " ") }
            }
            try await eventually("the program runs") { runs().count == 1 }
            let session = try #require(runs().first.flatMap { Int32($0[1]) }.map(getsid))
            try #require(session > 0 && processes(in: session).count > 1)
            first.signal(SIGKILL)
            try await eventually("the program and its child are gone") { processes(in: session).isEmpty }
            #expect(runs().count == 1)

            try FileManager.default.removeItem(atPath: endless)
            let second = try scenario.startController(settings, configuration: configuration)
            try await scenario.expectGone(volume)
            #expect(runs().map { $0[0] } == ["begun", "begun", "whole", "ended"])
            #expect(Set(runs().filter { $0[0] == "begun" }.map(\.last)).count == 1)
            #expect(try scenario.archiveRecord(of: volume).hooks?.map(\.outcome) == [.succeeded])
            withExtendedLifetime(second) {}
        }
    }

    @Test("An unanswered request is repeated with the same idempotency key")
    func unanswered() async throws {
        try await Scenario.run { scenario in
            try await BackupServer.run([BackupServer.silence]) { server in
                let configuration = try configuration(server, scenario)
                let first = try scenario.startController(settings, configuration: configuration)
                try await scenario.createClass()
                try await scenario.createClaim("data")
                let volume = try await scenario.boundVolume(of: "data")
                try await scenario.deleteClaim("data")
                try await eventually("the server is asked") { try server.requests.count == 1 }
                first.signal(SIGKILL)
                let second = try scenario.startController(settings, configuration: configuration)
                try await scenario.expectGone(volume)
                try expect(requests: 2, of: server.requests)
                #expect(try scenario.archiveRecord(of: volume).hooks?.map(\.outcome) == [.succeeded])
                withExtendedLifetime(second) {}
            }
        }
    }

    @Test("A request whose answer was not recorded is repeated with the same key; a recorded one is not")
    func unrecorded() async throws {
        try await Scenario.run { scenario in
            let breaker = try await ChangeBreaker(to: scenario.bed.nfsServer, port: scenario.bed.nfsPort)
            let options = "port=\(breaker.port),mountport=\(scenario.bed.nfsMountPort)"
            let settings = settings.merging(["NFS_MOUNT_OPTIONS": options]) { $1 }
            try await scenario.createClass()
            var changes = 0
            while try await kill(afterChanges: changes, breaker, scenario, settings) { changes += 1 }
            // A record is written under another name first, and renamed.
            #expect(changes > 1)
        }
    }

    /// Kills a controller at one of the changes that record an answer, and has another go on.
    ///
    /// - Returns: Whether the answer was not recorded yet.
    private func kill(
        afterChanges changes: Int,
        _ breaker: ChangeBreaker,
        _ scenario: Scenario,
        _ settings: [String: String]
    ) async throws -> Bool {
        try await BackupServer.run { server in
            let configuration = try configuration(server, scenario)
            let first = try scenario.startController(settings, configuration: configuration)
            let claim = "data-\(changes)"
            try await scenario.createClaim(claim)
            let volume = try await scenario.boundVolume(of: claim)
            try server.hold()
            try await scenario.deleteClaim(claim)
            try await eventually("the server is asked") { try server.requests.count == 1 }
            breaker.arm(afterChanges: changes, .before) { first.signal(SIGKILL) }
            try server.release()
            try await eventually("the controller is killed") { !first.isRunning }
            breaker.arm(afterChanges: .max, .before) {}
            let recorded = try scenario.archiveRecord(of: volume).hooks?.first?.outcome == .succeeded

            let second = try scenario.startController(settings, configuration: configuration)
            try await scenario.expectGone(volume)
            try expect(requests: recorded ? 1 : 2, of: server.requests)
            #expect(try scenario.archiveRecord(of: volume).hooks?.map(\.outcome) == [.succeeded])
            withExtendedLifetime(second) {}
            return !recorded
        }
    }

    private func configuration(_ server: BackupServer, _ scenario: Scenario) throws -> String {
        try scenario.configuration(
            """
            hooks:
              - name: tell
                phase: beforeArchive
                \(server.hook())
            """
        )
    }

    private func expect(
        requests count: Int,
        of requests: [BackupServer.Request],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        #expect(requests.count == count, sourceLocation: sourceLocation)
        #expect(Set(requests.map(\.key)).count == 1 && requests.allSatisfy(\.isSigned), sourceLocation: sourceLocation)
        #expect(Set(requests.map(\.body)).count == 1, sourceLocation: sourceLocation)
    }

    /// The processes of a session that have not ended.
    private func processes(in session: pid_t) -> [pid_t] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return all.compactMap { pid_t($0) }.filter { pid in
            getsid(pid) == session
                && (try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8))?
                    .contains(") Z ") == false
        }
    }
}
