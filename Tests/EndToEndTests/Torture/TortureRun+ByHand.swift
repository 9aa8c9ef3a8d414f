import Foundation
import Glibc
import Kubernetes
import Provisioning
import Synchronization
import TestBed

extension TortureRun {
    private var persistentVolumes: API<PersistentVolume> { scenario.admin.api() }

    /// What an admin does without the program.
    func performByHand(_ operation: TortureOperation, from model: TortureModel) async throws {
        switch operation {
        case .moveAwayAndBack(let archive):
            try await moveAwayAndBack(archive)
        case .patchPolicy(let claim):
            try await set(.retain, on: claim)
            try await Task.sleep(for: .seconds(1))
            try await set(.delete, on: claim)
        case .releaseWhileRetained(let claim):
            try await set(.retain, on: claim)
            try await release(claim)
            try await set(.delete, on: claim)
        case .bindAgain(let claim, let other):
            try await bind(volumeOf: claim, to: other, model.claims[other]?.kind ?? .archived)
        case .recreateClass(let kind):
            try await recreateClass(kind)
        case .removeArchive(let archive, let claim):
            try await removeArchive(archive, andCreate: claim)
        default:
            throw Scenario.Failure(description: "\(operation.name) is not done by hand")
        }
    }

    private func volumeKey(_ claim: String) throws -> ObjectKey { ObjectKey(name: try archiveID(claim)) }

    private func change(_ claim: String, _ spec: JSONValue) async throws {
        let key = try volumeKey(claim)
        try await bed.insist(on: "volume \(key) is changed") {
            _ = try await persistentVolumes.patch(key, .merge(["spec": spec]))
        }
    }

    private func set(_ policy: ReclaimPolicy, on claim: String) async throws {
        try await change(claim, ["persistentVolumeReclaimPolicy": .string(policy.rawValue)])
    }

    /// Deletes the claim of a volume that stays.
    private func release(_ claim: String) async throws {
        let key = try volumeKey(claim)
        try await delete(claim)
        try await bed.wait(for: "volume \(key) is released") {
            try await persistentVolumes.get(key).status?.phase == .released
        }
    }

    private func bind(volumeOf claim: String, to other: String, _ kind: ClaimKind) async throws {
        try await set(.retain, on: claim)
        try await release(claim)
        let reference: JSONValue = [
            "namespace": .string(scenario.namespace), "name": .string(other), "uid": .null, "resourceVersion": .null,
        ]
        try await change(claim, ["claimRef": reference])
        // A claim that the cluster sees before that waits for it to look again.
        let key = try volumeKey(claim)
        try await bed.wait(for: "volume \(key) is available") {
            try await persistentVolumes.get(key).status?.phase == .available
        }
        try await create(other, kind, volume: try archiveID(claim))
        try await bed.wait(for: "claim \(other) is bound") { try await scenario.claim(other).status?.phase == .bound }
        try await set(.delete, on: claim)
    }

    private func recreateClass(_ kind: ClaimKind) async throws {
        let key = ObjectKey(name: scenario.className(kind.rawValue))
        try await bed.insist(on: "class \(key) is deleted") {
            do {
                try await scenario.admin.api(StorageClass.self).delete(key)
            } catch let error as KubernetesError where error.code == .notFound {}
        }
        try await Task.sleep(for: .seconds(1))
        try await bed.insist(on: "class \(key) is made again") {
            do {
                try await bed.createClass(kind)
            } catch let error as KubernetesError where error.code == .alreadyExists {}
        }
    }

    // MARK: On the server

    private func moveAwayAndBack(_ archive: String) async throws {
        let (away, share, name) = try await withArchive(archive) { share, name in
            let away = try Directory(bed.root(of: .first).deletingLastPathComponent())
            try share.move(name, to: away)
            return (away, share, name)
        }
        try await Task.sleep(for: .seconds(1))
        try away.move(name, to: share)
    }

    /// Removes an archive's directory, makes a claim, and restores the archive from its copy. Where the file system gives
    /// the file id of what was removed to the next directory, that is the claim's.
    private func removeArchive(_ archive: String, andCreate claim: String) async throws {
        let id = try await withArchive(archive) { share, name in
            let id = try share.fileID(name)
            try share.remove(name)
            return id
        }
        removedFileIDs.withLock { _ = $0.insert(id) }
        try await create(claim, .archived)
        try await restoreCopy(archive)
    }

    /// Insists, as the share may be away itself, with another in its place.
    private func withArchive<Value>(
        _ archive: String,
        _ body: (Directory, _ name: String) throws -> Value
    ) async throws -> Value {
        let id = try archiveID(archive)
        return try await bed.insist(on: "the directory of archive \(id) is there") {
            let share = try Directory(bed.root(of: .first))
            guard let record = ShareContents.archive(id, on: share.folder) else {
                throw Scenario.Failure(description: "archive \(id) has no record")
            }
            return try body(share, record.to)
        }
    }
}

/// A folder on the server's side, wherever it is moved itself.
private final class Directory: Sendable {
    private let descriptor: CInt
    private let path: String

    /// Where it is, wherever that is.
    var folder: URL { URL(filePath: "/proc/self/fd/\(descriptor)", directoryHint: .isDirectory) }

    init(_ folder: URL) throws {
        path = folder.path()
        descriptor = open(path, O_RDONLY | O_DIRECTORY)
        guard descriptor >= 0 else { throw Scenario.Failure(description: "\(path) cannot be opened: \(errno)") }
    }

    deinit { close(descriptor) }

    func move(_ name: String, to other: Directory) throws {
        guard renameat(descriptor, name, other.descriptor, name) == 0 else {
            throw Scenario.Failure(description: "\(path)/\(name) cannot be moved to \(other.path): \(errno)")
        }
    }

    func fileID(_ name: String) throws -> UInt64 {
        var status = stat()
        guard fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            throw Scenario.Failure(description: "\(path)/\(name) cannot be looked at: \(errno)")
        }
        return UInt64(status.st_ino)
    }

    func remove(_ name: String) throws { try FileManager.default.removeItem(at: folder.appending(path: name)) }
}
