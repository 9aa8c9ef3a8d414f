import NFS

extension SimulatedFileSystem {
    /// Carries out one call, or refuses it and changes nothing.
    package mutating func perform(_ request: NFSv3Request) throws(NFSStatus) -> NFSv3Answer {
        time += 1_000
        switch request {
        case .mount, .getAttributes, .lookUp, .readLink, .read, .readDirectory, .listNames, .statistics:
            return try read(request)
        case .setAttributes(let file, let changes): return try setAttributes(file, changes)
        case .write(let bytes, let file, let offset, let stability): return try write(bytes, file, offset, stability)
        case .commit(let file): return try commit(file)
        case .createFile(let name, let directory, let attributes):
            return .node(try create(name, in: directory, .regular, attributes, mode: 0o600))
        case .makeDirectory(let name, let directory, let attributes):
            return .node(try create(name, in: directory, .directory, attributes, mode: 0o755))
        case .makeSymbolicLink(let name, let directory, let target, let attributes):
            return .node(try create(name, in: directory, .symbolicLink, attributes, mode: 0o777) { $0.bytes = target })
        case .makeSpecialFile(let name, let directory, let type, let device, let attributes):
            guard ![.regular, .directory, .symbolicLink, .unknown].contains(type) else { throw .badType }
            return .node(try create(name, in: directory, type, attributes, mode: 0o600) { $0.device = device })
        case .remove(let name, let directory): return try remove(name, in: directory)
        case .removeDirectory(let name, let directory): return try removeDirectory(name, in: directory)
        case .rename(let name, let directory, let newName, let newDirectory):
            return try rename(name, in: directory, to: newName, in: newDirectory)
        case .link(let file, let name, let directory): return try link(file, as: name, in: directory)
        }
    }

    // MARK: Reading

    private func read(_ request: NFSv3Request) throws(NFSStatus) -> NFSv3Answer {
        switch request {
        case .mount:
            guard let root = handle(of: Self.root) else { throw .serverFault }
            return .root(MountedRoot(handle: root, authenticationFlavors: [1]))
        case .getAttributes(let handle):
            let (number, inode) = try file(handle)
            return .attributes(attributes(number, inode))
        case .lookUp(let name, let directory):
            return .node(node(try entry(name, in: directory).inode))
        case .readLink(let link):
            let (_, inode) = try file(link)
            guard inode.type == .symbolicLink else { throw .invalid }
            return .target(inode.bytes)
        case .read(let handle, let offset, let count):
            let (_, inode) = try regular(handle)
            let start = min(Int(clamping: offset), inode.bytes.count)
            let end = min(start + count, inode.bytes.count)
            return .chunk(FileChunk(bytes: Array(inode.bytes[start..<end]), isLast: end == inode.bytes.count))
        case .readDirectory(let directory, let cursor):
            return .page(try page(of: directory, from: cursor))
        case .listNames(let directory, let cursor):
            let page = try page(of: directory, from: cursor)
            let names = page.entries.map {
                DirectoryEntry(name: $0.name, fileid: $0.fileid, handle: nil, attributes: nil)
            }
            return .page(DirectoryPage(entries: names, next: page.next))
        default:
            return .statistics(statistics)
        }
    }

    private func page(of handle: FileHandle, from cursor: DirectoryCursor) throws(NFSStatus) -> DirectoryPage {
        let (_, directory) = try directory(handle)
        let rest = directory.entries.drop { $0.cookie <= cursor.cookie }
        let page = rest.prefix(settings.pageSize)
        let entries = page.compactMap { entry -> DirectoryEntry? in
            guard let name = NFSName(listed: entry.name) else { return nil }
            let node = node(entry.inode)
            return DirectoryEntry(
                name: name,
                fileid: UInt64(entry.inode),
                handle: node.handle,
                attributes: node.attributes
            )
        }
        let isLast = page.count == rest.count
        let next = isLast ? nil : page.last.map { DirectoryCursor(cookie: $0.cookie, verifier: 0) }
        return DirectoryPage(entries: entries, next: next)
    }

    package func node(_ number: Int) -> PartialNode {
        PartialNode(handle: handle(of: number), attributes: inodes[number].map { attributes(number, $0) })
    }

    private func attributes(_ number: Int, _ inode: Inode) -> Attributes {
        Attributes(
            type: inode.type,
            mode: inode.mode,
            uid: inode.uid,
            gid: inode.gid,
            nlink: inode.nlink,
            size: inode.type == .directory ? 4096 : UInt64(inode.bytes.count),
            used: UInt64(inode.blocks * 4096),
            device: inode.device,
            fsid: fsid,
            fileid: UInt64(number),
            mtime: Self.fileTime(inode.mtime),
            ctime: Self.fileTime(inode.ctime)
        )
    }

    private static func fileTime(_ time: UInt64) -> FileTime {
        FileTime(seconds: UInt32(time / 1_000_000_000), nanoseconds: UInt32(time % 1_000_000_000))
    }

    private var statistics: FileSystemStatistics {
        let bytes = UInt64(max(0, settings.blocks - usedBlocks)) * 4096
        let files = UInt64(max(0, settings.files - usedFiles))
        return FileSystemStatistics(
            totalBytes: UInt64(settings.blocks) * 4096,
            freeBytes: bytes,
            availableBytes: bytes,
            totalFiles: UInt64(settings.files),
            freeFiles: files,
            availableFiles: files
        )
    }

    private func regular(_ handle: FileHandle) throws(NFSStatus) -> (number: Int, inode: Inode) {
        let found = try file(handle)
        switch found.inode.type {
        case .regular: return found
        case .directory: throw .isDirectory
        default: throw .invalid
        }
    }

    // MARK: Changing files

    private mutating func setAttributes(
        _ handle: FileHandle,
        _ changes: AttributeChanges
    ) throws(NFSStatus) -> NFSv3Answer {
        let (number, inode) = try file(handle)
        if changes.size != nil, inode.type != .regular { throw .badType }
        let time = time
        let size = changes.size.map { Int(clamping: $0) }
        if let size { try requireRoom(for: inode, size: size) }
        update(number) {
            if let mode = changes.mode { $0.mode = mode & 0o7777 }
            if let uid = changes.uid { $0.uid = uid }
            if let gid = changes.gid { $0.gid = gid }
            if let size {
                $0.bytes = Array($0.bytes.prefix(size)) + Array(repeating: 0, count: max(0, size - $0.bytes.count))
                $0.mtime = time
            }
            if let mtime = changes.mtime { $0.mtime = Self.nanoseconds(mtime) }
            $0.ctime = time
        }
        return .done
    }

    private func requireRoom(for inode: Inode, size: Int) throws(NFSStatus) {
        let needed = (size + 4095) / 4096 - inode.blocks
        guard needed <= 0 || usedBlocks + needed <= settings.blocks else { throw settings.fullStatus }
    }

    private mutating func write(
        _ bytes: ArraySlice<UInt8>,
        _ handle: FileHandle,
        _ offset: UInt64,
        _ stability: WriteStability
    ) throws(NFSStatus) -> NFSv3Answer {
        let (number, inode) = try regular(handle)
        let start = Int(clamping: offset)
        let end = start + bytes.count
        guard end < 1 << 40 else { throw .tooLarge }
        if !bytes.isEmpty {
            try requireRoom(for: inode, size: max(end, inode.bytes.count))
            let time = time
            update(number) {
                if $0.bytes.count < end { $0.bytes += Array(repeating: 0, count: end - $0.bytes.count) }
                $0.bytes.replaceSubrange(start..<end, with: bytes)
                $0.mtime = time
                $0.ctime = time
            }
        }
        let verifier = WriteVerifier(value: writeVerifier)
        return .written(WriteResult(count: bytes.count, isStable: stability == .stable, verifier: verifier))
    }

    private func commit(_ handle: FileHandle) throws(NFSStatus) -> NFSv3Answer {
        _ = try regular(handle)
        return .committed(WriteVerifier(value: writeVerifier))
    }
}
