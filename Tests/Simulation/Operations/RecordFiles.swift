import Foundation

/// What the promises need of an archive's record.
struct ArchiveFile: Decodable {
    var id: String
    var to: String
    var state: String
    var directory: DirectoryNumber

    var isOnShare: Bool { ["intent", "renamed", "archived", "restoring"].contains(state) }
}

/// What they need of a volume's.
struct VolumeFile: Decodable {
    struct Release: Decodable {
        var action: String
    }

    var volume: String
    var path: String
    var directory: DirectoryNumber?
    var release: Release?
}

/// Which directory it is; a number that another directory has got since comes with another handle.
struct DirectoryNumber: Decodable, Hashable {
    var fileID: Int
    var handle: String?
}

/// What a share is known by.
struct ExportFile: Decodable {
    var id: String
}

/// The controller's records, read without the controller's code.
enum RecordFiles {
    /// - Returns: The records of a folder, and what is none.
    static func read<Record: Decodable>(
        _ type: Record.Type,
        _ folder: String,
        of tree: ShareTree
    ) -> (records: [Record], damaged: [String]) {
        var records: [Record] = []
        var damaged: [String] = []
        for (name, bytes) in tree.files(in: ".sb-nfs-provisioner/\(folder)") where !name.hasPrefix(".tmp-") {
            do {
                records.append(try JSONDecoder().decode(type, from: Data(bytes)))
            } catch {
                damaged.append("\(folder)/\(name) is not a record: \(String(decoding: bytes, as: UTF8.self))")
            }
        }
        return (records, damaged)
    }
}
