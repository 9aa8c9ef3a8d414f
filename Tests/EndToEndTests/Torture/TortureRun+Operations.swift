import Foundation
import Kubernetes
import Provisioning
import Synchronization
import TestBed

extension TortureRun {
    private var claims: API<PersistentVolumeClaim> { scenario.admin.api() }

    func key(_ claim: String) -> ObjectKey { ObjectKey(namespace: scenario.namespace, name: claim) }

    /// The id of the archive that was made of a claim's volume.
    func archiveID(_ claim: String) throws -> String {
        guard let volume = volumes.withLock({ $0[claim] }) else {
            throw Scenario.Failure(description: "the volume of \(claim) is not known")
        }
        return volume.name
    }

    /// Asks for it until it is accepted: what then becomes of it is the controller's.
    func perform(_ operation: TortureOperation, from model: TortureModel) async throws {
        switch operation {
        case .create(let claim, let kind):
            try await create(claim, kind)
        case .createAndDelete(let claim, let kind):
            try await create(claim, kind)
            try await delete(claim)
        case .release(let claim):
            try await delete(claim)
        case .releaseAndPurge(let claim):
            try await delete(claim)
            try await run("purge", claim, orHasSaid: "it was purged")
        case .releaseAndHold(let claim):
            try await delete(claim)
            try await run("hold", claim, orHasSaid: "purg")
        case .releaseAndRestore(let claim, let other):
            try await create(other, .archived, restoring: claim)
            try await delete(claim)
        case .expand(let claim, let size):
            try await expand(claim, to: size)
        case .restore(let archive, let claim, let copies):
            try await create(claim, .archived, restoring: archive, copies: copies)
        case .hold(let archive):
            try await run("hold", archive)
        case .releaseHold(let archive):
            try await run("release-hold", archive, orHasSaid: "is not held")
        case .purge(let archive):
            try await run("purge", archive, orHasSaid: "it was purged")
        case .restoreCopy(let archive):
            try await restoreCopy(archive)
        case .holdAndPurge(let archive):
            async let held: Void = run("hold", archive, orHasSaid: "purg")
            async let purged: Void = run("purge", archive, orHasSaid: "is held", "it was purged")
            _ = try await (held, purged)
            // Each may have given way to the other. Who asks again then is alone, and has its way.
            try await run("hold", archive, orHasSaid: "purg")
        case .restoreTwice(let archive, let names):
            for name in names { try await create(name, .archived, restoring: archive, copies: false) }
        case .contend(let contest):
            try await contend(contest)
        case .moveAwayAndBack, .patchPolicy, .releaseWhileRetained, .bindAgain, .recreateClass, .removeArchive:
            try await performByHand(operation, from: model)
        }
        report.did(operation)
    }

    func create(
        _ name: String,
        _ kind: ClaimKind,
        restoring archive: String? = nil,
        copies: Bool = false,
        volume: String? = nil
    ) async throws {
        var annotations: [String: String] = [:]
        if let archive {
            annotations[AnnotationKey.restoreFrom] = try archiveID(archive)
            annotations[AnnotationKey.restoreMode] = copies ? "copy" : "move"
        }
        try await bed.insist(on: "claim \(name) is accepted") {
            do {
                try await scenario.createClaim(name, class: kind.rawValue, annotations: annotations) {
                    $0.spec?.volumeName = volume
                }
            } catch let error as KubernetesError where error.code == .alreadyExists {}
        }
    }

    func delete(_ name: String) async throws {
        try await bed.insist(on: "claim \(name) is deleted") {
            do {
                try await scenario.deleteClaim(name)
            } catch let error as KubernetesError where error.code == .notFound {}
        }
    }

    private func expand(_ name: String, to size: Int) async throws {
        let change: JSONValue = ["spec": ["resources": ["requests": ["storage": .string("\(size)Gi")]]]]
        try await bed.insist(on: "claim \(name) asks for \(size) GiB") {
            _ = try await claims.patch(key(name), .merge(change))
        }
    }

    /// Runs a command on an archive until it succeeds, or says that there is nothing to do any more.
    private func run(_ command: String, _ archive: String, orHasSaid words: String...) async throws {
        let id = try archiveID(archive)
        let arguments = ["archive", command, id, "--reason", "torture", "--offline", "--yes"]
        try await bed.insist(on: "archive \(command) \(id)") {
            let result = try await bed.command(arguments)
            guard result.code == 0 || words.contains(where: result.error.contains) else {
                throw Scenario.Failure(description: result.error)
            }
        }
    }

    /// Makes an archive of its copy, unless it became one in the place of being deleted.
    func restoreCopy(_ archive: String) async throws {
        let id = try archiveID(archive)
        let root = bed.root(of: .first)
        let found = ShareContents.archive(id, on: root)
        if found?.claimUnseen == true, found?.state == .archived, found?.isThere(on: root) == true { return }
        try await bed.insist(on: "copy restore \(id)") {
            let result = try await bed.command(["copy", "restore", id, "--offline", "--yes"])
            // The server does not see at once what was removed behind its back.
            let made = ShareContents.archive(copiedFrom: found?.copyOf ?? id, on: root)
            guard let made, result.code == 0 || result.error.contains("; restore that") else {
                throw Scenario.Failure(description: result.error)
            }
            // It has an id of its own where the share had the record of the one that was copied.
            volumes.withLock { $0[archive]?.name = made.id }
        }
    }
}
