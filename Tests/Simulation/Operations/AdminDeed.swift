import NFS
import Provisioning

/// What somebody does by hand on the server's side.
enum AdminDeed: String, CaseIterable, Sendable {
    case renameArchive = "mv the archive's directory away"
    case removeArchive = "rm -rf the archive's directory"
    case replaceArchive = "rm -rf the archive's directory, and another's data gets its name and its file id"
    case replaceVolume = "mv the bound volume's directory away, and another's data gets its name"

    static let neighbour = "neighbour"

    var deed: Scenario<ControllerProcess>.Deed {
        Scenario<ControllerProcess>.Deed(rawValue) { share, _ in perform(on: &share) }
    }

    private func perform(on share: inout SimulatedFileSystem) -> Bool {
        let (archive, volume) = (
            "archived-\(ShareScenario.path(of: "old"))", ShareScenario.path(of: ShareScenario.bound)
        )
        // What stands there may be another's since an earlier deed.
        let (place, owner) = self == .replaceVolume ? (volume, ShareScenario.bound) : (archive, "old")
        guard ShareTree(share).paths(of: ShareScenario.data(of: owner)).contains("\(place)/file") else { return false }
        // An admin of the server has room.
        let settings = share.settings
        defer { share.settings = settings }
        (share.settings.blocks, share.settings.files) = (.max, .max)
        switch self {
        case .renameArchive: share.move(archive, to: "kept-archive")
        case .removeArchive: share.removeTree(archive)
        case .replaceArchive:
            share.removeTree(archive)
            share.putDirectory(archive, with: ShareScenario.data(of: Self.neighbour))
        case .replaceVolume:
            share.move(volume, to: "kept-volume")
            share.putDirectory(volume, with: ShareScenario.data(of: Self.neighbour))
        }
        return true
    }
}

extension SimulatedFileSystem {
    private var rootHandle: FileHandle? { handle(of: Self.root) }

    fileprivate mutating func move(_ name: String, to newName: String) {
        guard let root = rootHandle, let name = try? NFSName(name), let newName = try? NFSName(newName) else { return }
        _ = try? perform(.rename(name, from: root, to: newName, in: root))
    }

    fileprivate mutating func removeTree(_ name: String) {
        guard let root = rootHandle, let name = try? NFSName(name),
            case .node(let node)? = try? perform(.lookUp(name, in: root)), let directory = node.handle
        else { return }
        for entry in ShareTree(self).names(in: "\(name)") {
            guard let entry = try? NFSName(entry) else { continue }
            _ = try? perform(.remove(entry, in: directory))
        }
        _ = try? perform(.removeDirectory(name, in: root))
    }

    /// Makes a directory with a file in it, unless something has the name.
    fileprivate mutating func putDirectory(_ name: String, with bytes: [UInt8]) {
        guard let root = rootHandle, let name = try? NFSName(name),
            case .node(let made)? = try? perform(.makeDirectory(name, in: root, AttributeChanges(mode: 0o755))),
            let directory = made.handle,
            case .node(let file)? = try? perform(.createFile("file", in: directory, AttributeChanges(mode: 0o644))),
            let handle = file.handle
        else { return }
        _ = try? perform(.write(bytes[...], to: handle, at: 0, stability: .stable))
    }
}
