import Kubernetes
import NFS
import Provisioning

/// What is explored, each on the claims and archives of ``ShareScenario``.
package enum ShareOperation: String, CaseIterable, Sendable {
    case provision, withdraw, archive, delete, hold, release, purge, retention
    case restoreByMove = "restore-by-move"
    case restoreByCopy = "restore-by-copy"
    case copyRestore = "copy-restore"
    case expand, recover, adopt

    /// Whether it may end with the archive's data being gone.
    var destroys: Bool { self == .purge || self == .retention }
    /// Whether the controller does it again until it is done.
    var isRepeated: Bool {
        switch self {
        case .hold, .release, .recover: false
        default: true
        }
    }

    /// Does it in a process.
    ///
    /// - Parameters:
    ///   - process: The process.
    ///   - claim: The name of the claim, for an operation that is one's.
    /// - Returns: `done`, or what is in the way.
    func perform(in process: ControllerProcess, claim: String) async -> String {
        do {
            try await performOrThrow(in: process, claim: claim)
            return Self.done
        } catch {
            return "\(error)"
        }
    }

    static let done = "done"

    private func performOrThrow(in process: ControllerProcess, claim: String) async throws {
        let (share, archive) = (process.share, ShareScenario.archive)
        switch self {
        case .provision:
            try await process.working(on: claim) { _ = try await share.provision(try Claims.plan(claim)) { _ in } }
        case .withdraw: try await process.working(on: claim) { try await share.withdraw(try Claims.plan(claim)) }
        case .archive: try await Self.reclaim(.archive, of: ShareScenario.bound, in: process)
        case .delete: try await Self.reclaim(.delete, of: ShareScenario.bound, in: process)
        case .hold: try await share.hold(archive, reason: "court")
        case .release: try await share.releaseHold(archive, reason: "court")
        case .purge: try await share.purge(archive, reason: "erasure")
        case .retention: try await Self.retain(in: process)
        case .restoreByMove:
            _ = try await share.provision(try Claims.plan(claim, restoring: archive)) { _ in }
        case .restoreByCopy:
            _ = try await share.provision(try Claims.plan(claim, restoring: archive, copies: true)) { _ in }
        case .copyRestore: try await Self.unpack(in: process, interruptedAfter: 600)
        case .expand: _ = try await share.volumeRecords()
        case .recover: _ = try await share.recoverableVolumes()
        case .adopt:
            let parameters = ["pathPattern": ShareScenario.adopted]
            _ = try await share.provision(try Claims.plan(claim, parameters: parameters)) { _ in }
        }
    }

    private static func reclaim(_ action: ReleaseAction, of claim: String, in process: ControllerProcess) async throws {
        try await process.working(on: claim) {
            let plan = try Claims.reclaim(claim, action)
            let outcome = try await process.share.reclaim(plan, deletesAdopted: false) { _ in [] }
            // The controller lets go of the volume then.
            if case .retained = outcome { return }
            try await process.share.forget(volume: Claims.volume(claim))
        }
    }

    /// As a retention run does it: found due in the catalogue, purged if the record is still that.
    private static func retain(in process: ControllerProcess) async throws {
        for case .archive(let record, _) in try await process.share.catalogue()
        where record.id == ShareScenario.archive && record.hold == nil && [.archived, .purging].contains(record.state) {
            try await process.share.purge(record.id, reason: "retention") { now in
                now.state == record.state && now.archivedAt == record.archivedAt && now.hold == nil
            }
        }
    }

    /// The admin asks again for what was interrupted, once it counts as that.
    static func resumeUnpacking(in process: ControllerProcess) async throws {
        try await unpack(in: process, interruptedAfter: 0)
    }

    private static func unpack(in process: ControllerProcess, interruptedAfter seconds: Int64) async throws {
        let export = HookEvent.Export(server: "nas", path: "/srv")
        var event = HookEvent(
            phase: .beforePurge,
            volume: ShareScenario.archive,
            export: export,
            path: "archived-clinic-old-\(ShareScenario.archive)",
            requestedAt: .now
        )
        event.claim = HookEvent.Claim(namespace: "clinic", name: "old", uid: "uid-old")
        event.archive = HookEvent.Archive(id: ShareScenario.archive, directory: event.path)
        _ = try await process.share.unpack(
            ArchiveCopy(of: event, at: "backup/old.tar"),
            cluster: ControllerProcess.cluster,
            interruptedAfter: seconds,
            tar: AsyncThrowingStream<[UInt8], any Error> { continuation in
                continuation.yield(ShareScenario.tar)
                continuation.finish()
            },
            onProgress: { _ in }
        )
    }
}
