import Foundation
import Kubernetes
import Provisioning
import TestBed
import Testing

@Suite("A controller killed at every step of an archive")
struct KilledArchiveTests {
    @Test(
        "R5: SIGKILL right before, or right after, each change of the share: the next controller ends with one archive",
        arguments: [ChangeBreaker.Moment.before, .after]
    )
    func everyStep(moment: ChangeBreaker.Moment) async throws {
        try await Scenario.run { scenario in
            let breaker = try await ChangeBreaker(to: scenario.bed.nfsServer, port: scenario.bed.nfsPort)
            let options = "port=\(breaker.port),mountport=\(scenario.bed.nfsMountPort)"
            let settings = ["NFS_MOUNT_OPTIONS": options, "ENABLE_LEADER_ELECTION": "false"]
            try await scenario.createClass()
            var steps = 0
            while try await kill(afterChanges: steps, moment, breaker, scenario, settings) { steps += 1 }
            // The record, the directory's rename, the audit log, the record again, the volume's record.
            #expect(steps > 5)
        }
    }

    /// Archives a volume under a controller that is killed after some changes, and has another go on.
    ///
    /// - Returns: false once there was no change any more to be killed at.
    private func kill(
        afterChanges changes: Int,
        _ moment: ChangeBreaker.Moment,
        _ breaker: ChangeBreaker,
        _ scenario: Scenario,
        _ settings: [String: String]
    ) async throws -> Bool {
        let first = try scenario.startController(settings)
        let claim = "data-\(changes)"
        try await scenario.createClaim(claim)
        let volume = try await scenario.boundVolume(of: claim)
        try scenario.write(claim, to: scenario.directory(of: volume).appending(path: "file"))
        try await eventually("the claim's provisioning is over") { first.log.contains(volume.key.name) }
        breaker.arm(afterChanges: changes, moment) { first.signal(SIGKILL) }
        try await scenario.deleteClaim(claim)
        try await eventually("the controller is killed, or the volume is gone") {
            if !first.isRunning { return true }
            return try await scenario.volume(volume.key.name) == nil && first.log.contains("volume reclaimed")
        }
        let isKilled = breaker.isBroken
        breaker.arm(afterChanges: .max, .before) {}

        let second = isKilled ? try scenario.startController(settings) : first
        try await scenario.expectGone(volume)
        let archive = scenario.archive(of: volume)
        #expect(try scenario.read(archive.appending(path: "file")) == claim)
        #expect(!FileManager.default.fileExists(atPath: scenario.directory(of: volume).path()))
        #expect(try scenario.archiveRecord(of: volume).state == .archived)
        #expect(try Set(scenario.audit(volume).map(\.action)) == [.created, .archived])
        second.signal(SIGKILL)
        return isKilled
    }
}
