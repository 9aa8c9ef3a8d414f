import Foundation

/// A configuration file as kubelet mounts a ConfigMap: `config.yaml` leads through the link `..data` into a folder of its
/// version, and a change puts another link in the place of `..data`, in one step.
final class MountedConfiguration: Sendable {
    private let folder: URL

    init(_ text: String) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "e2e-config-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try swap(to: text)
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "..data/config.yaml")
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    var path: String { folder.appending(path: "config.yaml").path() }

    /// The file is gone, until the next change.
    func remove() throws {
        try FileManager.default.removeItem(at: folder.appending(path: "..data"))
    }

    func swap(to text: String) throws {
        let version = "..\(UUID().uuidString)"
        try FileManager.default.createDirectory(at: folder.appending(path: version), withIntermediateDirectories: true)
        try text.write(to: folder.appending(path: "\(version)/config.yaml"), atomically: false, encoding: .utf8)
        let link = folder.appending(path: "..data_tmp").path()
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: version)
        guard rename(link, folder.appending(path: "..data").path()) == 0 else {
            throw POSIXError(.init(rawValue: errno) ?? .EIO)
        }
    }
}
