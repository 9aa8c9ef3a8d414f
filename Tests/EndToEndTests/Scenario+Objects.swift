import Foundation
import Kubernetes
import Provisioning
import TestBed
import Testing

extension Scenario {
    /// A class of the scenario's provisioner, named after it and `suffix`.
    @discardableResult
    func createClass(
        _ suffix: String = "standard",
        parameters: [String: String] = [:],
        reclaimPolicy: ReclaimPolicy = .delete,
        mountOptions: [String]? = nil,
        bindingMode: VolumeBindingMode = .immediate,
        allowsExpansion: Bool? = nil
    ) async throws -> String {
        let name = className(suffix)
        let storageClass = StorageClass(
            metadata: ObjectMeta(name: name),
            provisioner: provisioner,
            parameters: parameters,
            reclaimPolicy: reclaimPolicy,
            mountOptions: mountOptions,
            allowVolumeExpansion: allowsExpansion,
            volumeBindingMode: bindingMode
        )
        _ = try await admin.api().create(storageClass)
        return name
    }

    func className(_ suffix: String) -> String { "\(namespace)-\(suffix)" }

    /// A class with an export of its own.
    @discardableResult
    func createClass(_ suffix: String, on export: String, parameters: [String: String] = [:]) async throws -> String {
        let place = ["server": bed.nfsServer, "share": export]
        return try await createClass(
            suffix,
            parameters: place.merging(parameters) { $1 },
            mountOptions: mountOptions
        )
    }

    func createClaim(
        _ name: String,
        class suffix: String = "standard",
        modes: [AccessMode] = [.readWriteOnce],
        annotations: [String: String] = [:],
        labels: [String: String] = [:],
        change: (inout PersistentVolumeClaim) -> Void = { _ in }
    ) async throws {
        var claim = PersistentVolumeClaim(
            metadata: ObjectMeta(name: name, namespace: namespace, labels: labels, annotations: annotations),
            spec: PersistentVolumeClaim.Spec(
                accessModes: modes,
                resources: PersistentVolumeClaim.Resources(requests: ["storage": Quantity(rawValue: "1Gi")]),
                storageClassName: className(suffix)
            )
        )
        change(&claim)
        _ = try await admin.api().create(claim)
    }

    func claim(_ name: String) async throws -> PersistentVolumeClaim {
        try await admin.api().get(ObjectKey(namespace: namespace, name: name))
    }

    /// The volume that a claim is bound to, once it is.
    func boundVolume(
        of name: String,
        within limit: Duration = .seconds(120),
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> PersistentVolume {
        try await eventually("claim \(name) is Bound", within: limit, sourceLocation: sourceLocation) {
            try await claim(name).status?.phase == .bound
        }
        let volume = try await claim(name).spec?.volumeName ?? ""
        return try await admin.api().get(ObjectKey(name: volume))
    }

    func exists(claim name: String) async throws -> Bool {
        do {
            _ = try await claim(name)
            return true
        } catch let error as KubernetesError where error.code == .notFound {
            return false
        }
    }

    func deleteClaim(_ name: String) async throws {
        try await admin.api(PersistentVolumeClaim.self).delete(ObjectKey(namespace: namespace, name: name))
    }

    func volume(_ name: String) async throws -> PersistentVolume? {
        do {
            return try await admin.api(PersistentVolume.self).get(ObjectKey(name: name))
        } catch let error where error.code == .notFound {
            return nil
        }
    }

    func expectGone(
        _ volume: PersistentVolume,
        within limit: Duration = .seconds(120),
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try await eventually("volume \(volume.key) is gone", within: limit, sourceLocation: sourceLocation) {
            try await self.volume(volume.key.name) == nil
        }
    }

    /// Events with a reason on an object, in the namespace where such events stand.
    func events(_ reason: String, on object: String, in namespace: String? = nil) async throws -> [Event] {
        try await admin.api(Event.self).page(
            limit: nil,
            namespace: namespace ?? self.namespace,
            fieldSelector: "involvedObject.name=\(object),reason=\(reason)"
        ).items
    }

    /// Waits for an event whose message contains `words`.
    func expectEvent(
        _ reason: String,
        on object: String,
        in namespace: String? = nil,
        saying words: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        var seen: [String] = []
        try await eventually("event \(reason) on \(object) saying “\(words)”", sourceLocation: sourceLocation) {
            seen = try await events(reason, on: object, in: namespace).map { $0.message ?? "" }
            return seen.contains { $0.contains(words) }
        }
        if !seen.contains(where: { $0.contains(words) }) { print("seen: \(seen)") }
    }

    /// A configuration file whose hook copies volumes to the other share before they are archived.
    ///
    /// - Returns: Its path.
    func copyConfiguration() throws -> String {
        try configuration(
            """
            hooks:
              - name: copy
                phase: beforeArchive
                copy:
                  to: \(bed.nfsServer):\(otherShare.path())
                  mountOptions: [\(mountOptions.joined(separator: ", "))]
            """
        )
    }

    // MARK: The server's side of the shares

    /// The names in a share's root, but for the controller's own folder.
    func listing(_ share: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: share.path()).filter { $0 != ".sb-nfs-provisioner" }
            .sorted()
    }

    /// The names in a folder of the controller's own.
    func controllerFolder(_ name: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(
            atPath: share.appending(path: ".sb-nfs-provisioner/\(name)").path()
        )
    }

    /// The server's side of a volume's directory.
    func directory(of volume: PersistentVolume) -> URL {
        URL(filePath: volume.spec?.nfs?.path ?? "/nowhere")
    }

    func write(_ text: String, to file: URL) throws {
        try text.write(to: file, atomically: false, encoding: .utf8)
    }

    func read(_ file: URL) throws -> String {
        try String(contentsOf: file, encoding: .utf8)
    }

    /// The archive that a volume's directory becomes when its name is free.
    func archive(of volume: PersistentVolume, on share: URL? = nil) -> URL {
        (share ?? self.share).appending(path: "archived-\(directory(of: volume).lastPathComponent)")
    }

    /// The record of the archive that a volume becomes.
    func archiveRecord(of volume: PersistentVolume) throws -> ArchiveRecord {
        try archiveRecord(volume.key.name)
    }

    /// The record of an archive.
    func archiveRecord(_ id: String) throws -> ArchiveRecord {
        let file = share.appending(path: ".sb-nfs-provisioner/archives/\(id).json")
        return try JSONDecoder().decode(ArchiveRecord.self, from: Data(contentsOf: file))
    }

    /// The lines of a share's audit log, all writers' together, that speak of a volume.
    func audit(_ volume: PersistentVolume, on share: URL? = nil) throws -> [AuditEntry] {
        let folder = (share ?? self.share).appending(path: ".sb-nfs-provisioner/audit")
        return try FileManager.default.contentsOfDirectory(atPath: folder.path()).sorted()
            .flatMap { try read(folder.appending(path: $0)).split(separator: "\n") }
            .map { try JSONDecoder().decode(AuditEntry.self, from: Data($0.utf8)) }
            .filter { $0.volume == volume.key.name }
    }
}
