import Kubernetes
import NFS

@testable import Provisioning

/// A share and a cluster to compare, as values.
struct ShareContents: Sendable {
    static let now = Timestamp(seconds: 2_000_000)
    /// Before the time in which something may be on its way.
    static let old = Timestamp(seconds: 1_000_000)

    var volumes: [String: VolumeRecord] = [:]
    var archives: [String: ArchiveRecord] = [:]
    var flawedVolumes: [RecordEntry<VolumeRecord>] = []
    /// What is on the share, by path.
    var places: [String: ShareInventory.Place] = [:]
    var unexplained: [NFSName: ShareInventory.Contents] = [:]
    var others: Set<NFSName> = []
    var trash: [NFSName] = []
    var staging: [NFSName] = []
    var temporaries: [String] = []
    var hasCluster = true
    /// Volumes of the cluster that lie elsewhere, or changed meanwhile.
    var names: Set<String> = []
    private var clusterVolumes: [VolumesOnShare.Volume] = []

    static func fileID(of name: String) -> UInt64 { UInt64(name.utf8.reduce(100) { $0 * 31 + Int($1) }) }

    mutating func addVolume(
        _ name: String,
        at path: String,
        fileID: UInt64? = nil,
        inCluster: Bool = true,
        isOurs: Bool = true
    ) {
        let fileID = fileID ?? Self.fileID(of: name)
        places[path] = .directory(fileID: fileID)
        volumes[name] = VolumeRecord(
            volume: name,
            path: path,
            origin: .created,
            releaseAction: .archive,
            cluster: "here",
            directory: Self.directory(fileID),
            createdAt: Self.old
        )
        guard inCluster, let path = VolumePath(record: path) else { return }
        clusterVolumes.append(VolumesOnShare.Volume(name: name, path: path, fileID: fileID, isOurs: isOurs))
    }

    mutating func addArchive(_ id: String, state: ArchiveRecord.State = .archived, from: String = "elsewhere") {
        places["archived-\(id)"] = .directory(fileID: Self.fileID(of: id))
        archives[id] = ArchiveRecord(
            id: id,
            from: from,
            to: "archived-\(id)",
            directory: Self.directory(Self.fileID(of: id)),
            reason: "the claim was deleted",
            state: state,
            requestedAt: Self.old,
            cluster: "here"
        )
    }

    /// An archive on its way into a volume, still in its own place.
    mutating func addRestore(_ volume: String, of archive: String, requestedAt time: Timestamp) {
        addArchive(archive, state: .restoring)
        archives[archive]?.restore = ArchiveRecord.Restore(volume: volume, path: "ns-c-\(volume)", requestedAt: time)
        addVolume(volume, at: "ns-c-\(volume)", fileID: Self.fileID(of: archive), inCluster: false)
        volumes[volume]?.restoredFrom = RestoreRequest(archive: archive, mode: .move)
        places["ns-c-\(volume)"] = nil
    }

    var verification: ShareVerification {
        let paths = places.compactMap { path, place in VolumePath(record: path).map { ($0, place) } }
        let directories = paths.compactMap { path, place -> NFSName? in
            if case .directory = place { path.components[0] } else { nil }
        }
        let inventory = ShareInventory(
            exportID: "export",
            directories: Set(directories).sorted { $0.description < $1.description },
            unexplained: unexplained,
            volumes: volumes.values.map(RecordEntry.record) + flawedVolumes,
            archives: archives.values.map(RecordEntry.record),
            places: Dictionary(uniqueKeysWithValues: paths),
            trash: trash,
            staging: staging,
            temporaries: temporaries
        )
        let cluster = VolumesOnShare(
            id: "here",
            names: names.union(clusterVolumes.map(\.name)),
            volumes: clusterVolumes
        )
        return ShareVerification(of: inventory, cluster: hasCluster ? cluster : nil, others: others, now: Self.now)
    }

    private static func directory(_ fileID: UInt64) -> DirectoryIdentity {
        DirectoryIdentity(
            Attributes(
                type: .directory,
                mode: 0o777,
                uid: 0,
                gid: 0,
                nlink: 2,
                size: 0,
                used: 0,
                fsid: 1,
                fileid: fileID,
                mtime: FileTime(seconds: 0, nanoseconds: 0),
                ctime: FileTime(seconds: 0, nanoseconds: 0)
            )
        )
    }
}
