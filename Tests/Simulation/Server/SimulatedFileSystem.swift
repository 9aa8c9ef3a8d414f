import NFS

/// An NFSv3 file system in memory: a value that a call turns into the next.
package struct SimulatedFileSystem: Sendable {
    package struct Settings: Sendable {
        /// Entries that one READDIRPLUS answers.
        package var pageSize = 64
        /// Gives the number of a removed file to the next one, as ext4 does.
        package var reusesNumbers = true
        package var blocks = 1 << 20
        package var files = 1 << 20
        /// What a call that needs more room is refused with.
        package var fullStatus = NFSStatus.noSpace

        package init() {}
    }

    package var settings: Settings
    /// By number; the first is none, the second the root.
    package private(set) var inodes: [Inode?]
    private var free: [Int] = []
    private var generation: UInt64 = 1
    /// Part of every handle: another one makes all handles stale.
    package private(set) var key: UInt64
    package var fsid: UInt64
    package var writeVerifier: UInt64 = 1
    /// The server's clock, in nanoseconds since 1970.
    package var time: UInt64
    package private(set) var usedBlocks = 1
    package private(set) var usedFiles = 1
    private var hashes: [Int] = [0, 0]
    private var changed: Set<Int> = [Self.root]
    private var combinedHash = 0

    package static let root = 1

    package init(settings: Settings = Settings(), key: UInt64 = 1, time: UInt64) {
        self.settings = settings
        self.key = key
        fsid = key
        self.time = time
        var root = Inode(type: .directory, generation: 1, mode: 0o755, mtime: time, ctime: time)
        root.nlink = 2
        root.parent = Self.root
        inodes = [nil, root]
    }

    // MARK: Handles

    package func handle(of number: Int) -> FileHandle? {
        guard let inode = inodes[number] else { return nil }
        let bytes = [UInt8](unsafeUninitializedCapacity: 24) { buffer, count in
            let buffer = UnsafeMutableRawBufferPointer(buffer)
            buffer.storeBytes(of: key, as: UInt64.self)
            buffer.storeBytes(of: UInt64(number), toByteOffset: 8, as: UInt64.self)
            buffer.storeBytes(of: inode.generation, toByteOffset: 16, as: UInt64.self)
            count = 24
        }
        return FileHandle(bytes: bytes)
    }

    /// The number of the file that a handle names.
    ///
    /// - Returns: `nil` for a handle of another file system, or of a file that is gone.
    package func number(of handle: FileHandle) -> Int? {
        guard handle.bytes.count == 24 else { return nil }
        let (key, number, generation) = handle.bytes.withUnsafeBytes {
            (
                $0.loadUnaligned(as: UInt64.self), $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
                $0.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
            )
        }
        guard key == self.key, number < UInt64(inodes.count), inodes[Int(number)]?.generation == generation else {
            return nil
        }
        return Int(number)
    }

    func file(_ handle: FileHandle) throws(NFSStatus) -> (number: Int, inode: Inode) {
        guard let number = number(of: handle), let inode = inodes[number] else { throw .stale }
        return (number, inode)
    }

    func directory(_ handle: FileHandle) throws(NFSStatus) -> (number: Int, inode: Inode) {
        let found = try file(handle)
        guard found.inode.type == .directory else { throw .notDirectory }
        return found
    }

    func entry(_ name: NFSName, in handle: FileHandle) throws(NFSStatus) -> (directory: Int, inode: Int) {
        let (number, inode) = try directory(handle)
        try require(name)
        guard let found = inode[name.bytes] else { throw .noEntry }
        return (number, found)
    }

    func require(_ name: NFSName) throws(NFSStatus) {
        guard name.bytes.count <= NFSName.maximumLength else { throw .nameTooLong }
    }

    // MARK: Changes

    mutating func update(_ number: Int, _ change: (inout Inode) -> Void) {
        guard var inode = inodes[number].take() else { return }
        let before = inode.blocks
        change(&inode)
        usedBlocks += inode.blocks - before
        inodes[number] = inode
        changed.insert(number)
    }

    /// Changes a directory's entries.
    mutating func updateEntries(of number: Int, _ change: (inout Inode) -> Void) {
        let time = time
        update(number) {
            change(&$0)
            $0.mtime = time
            $0.ctime = time
        }
    }

    mutating func make(_ type: FileType, _ attributes: AttributeChanges, mode: UInt32) throws(NFSStatus) -> Int {
        let needed = type == .directory ? 1 : 0
        guard usedFiles < settings.files, usedBlocks + needed <= settings.blocks else { throw settings.fullStatus }
        generation += 1
        var inode = Inode(type: type, generation: generation, mode: attributes.mode ?? mode, mtime: time, ctime: time)
        inode.uid = attributes.uid ?? 0
        inode.gid = attributes.gid ?? 0
        if type == .directory { inode.nlink = 2 }
        if let mtime = attributes.mtime { inode.mtime = Self.nanoseconds(mtime) }
        usedFiles += 1
        usedBlocks += inode.blocks
        let number: Int
        if settings.reusesNumbers, let lowest = free.indices.min(by: { free[$0] < free[$1] }) {
            number = free.remove(at: lowest)
            inodes[number] = inode
        } else {
            number = inodes.count
            inodes.append(inode)
            hashes.append(0)
        }
        changed.insert(number)
        return number
    }

    /// Takes one name away from a file; without a name it is no more.
    mutating func dropName(of number: Int) {
        let time = time
        update(number) {
            $0.nlink -= $0.type == .directory ? 2 : 1
            $0.ctime = time
        }
        guard let inode = inodes[number], inode.nlink == 0 || inode.type == .directory else { return }
        usedFiles -= 1
        usedBlocks -= inode.blocks
        inodes[number] = nil
        free.append(number)
    }

    static func nanoseconds(_ time: FileTime) -> UInt64 {
        UInt64(time.seconds) * 1_000_000_000 + UInt64(time.nanoseconds)
    }

    // MARK: Deeds of the server

    /// Gives every file another number and another handle, as a server does whose data was copied to a new disk.
    package mutating func renumber() {
        key += 1
        let offset = inodes.count
        let old = inodes
        inodes = Array(repeating: nil, count: offset) + old
        inodes[Self.root] = old[Self.root]
        inodes[offset + Self.root] = nil
        func moved(_ number: Int) -> Int { number == Self.root ? number : offset + number }
        for number in inodes.indices {
            guard var inode = inodes[number] else { continue }
            inode.parent = moved(inode.parent)
            for index in inode.entries.indices { inode.entries[index].inode = moved(inode.entries[index].inode) }
            inodes[number] = inode
        }
        free = []
        hashes = Array(repeating: 0, count: inodes.count)
        combinedHash = 0
        changed = Set(inodes.indices)
    }

    /// What the file system is, but for its times.
    package mutating func stateHash() -> Int {
        for number in changed {
            combinedHash ^= hashes[number]
            hashes[number] = inodes[number]?.hash(number) ?? 0
            combinedHash ^= hashes[number]
        }
        changed.removeAll(keepingCapacity: true)
        var hasher = Hasher()
        hasher.combine(combinedHash)
        hasher.combine(key)
        hasher.combine(fsid)
        hasher.combine(settings.blocks)
        hasher.combine(settings.files)
        return hasher.finalize()
    }
}
