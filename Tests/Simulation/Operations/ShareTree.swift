import NFS

/// A simulated file system as its server's admin sees it.
package struct ShareTree {
    private let share: SimulatedFileSystem

    package init(_ share: SimulatedFileSystem) {
        self.share = share
    }

    /// The number of what is at a path.
    package func number(of path: String) -> Int? {
        path.split(separator: "/").reduce(SimulatedFileSystem.root) { number, name in
            number.flatMap { share.inodes[$0]?[Array(name.utf8)] }
        }
    }

    package func names(in path: String) -> [String] {
        guard let number = number(of: path) else { return [] }
        return (share.inodes[number]?.entries ?? []).map { String(decoding: $0.name, as: UTF8.self) }.sorted()
    }

    /// The regular files of a directory.
    package func files(in path: String) -> [(name: String, bytes: [UInt8])] {
        guard let number = number(of: path) else { return [] }
        return (share.inodes[number]?.entries ?? []).compactMap { entry in
            guard let inode = share.inodes[entry.inode], inode.type == .regular else { return nil }
            return (String(decoding: entry.name, as: UTF8.self), inode.bytes)
        }
    }

    /// Where files of these bytes lie.
    package func paths(of bytes: [UInt8]) -> [String] {
        paths(of: bytes, in: SimulatedFileSystem.root, "").sorted()
    }

    private func paths(of bytes: [UInt8], in directory: Int, _ prefix: String) -> [String] {
        (share.inodes[directory]?.entries ?? []).flatMap { entry -> [String] in
            guard let inode = share.inodes[entry.inode] else { return [] }
            let path = prefix + String(decoding: entry.name, as: UTF8.self)
            if inode.type == .directory { return paths(of: bytes, in: entry.inode, path + "/") }
            return inode.type == .regular && inode.bytes == bytes ? [path] : []
        }
    }
}
