import NFS

extension SimulatedFileSystem {
    mutating func create(
        _ name: NFSName,
        in handle: FileHandle,
        _ type: FileType,
        _ attributes: AttributeChanges,
        mode: UInt32,
        _ finish: (inout Inode) -> Void = { _ in }
    ) throws(NFSStatus) -> PartialNode {
        let (parent, directory) = try directory(handle)
        try require(name)
        guard directory[name.bytes] == nil else { throw .exists }
        let number = try make(type, attributes, mode: mode)
        update(number) {
            finish(&$0)
            $0.parent = parent
        }
        updateEntries(of: parent) {
            $0.add(name.bytes, number)
            if type == .directory { $0.nlink += 1 }
        }
        return node(number)
    }

    mutating func remove(_ name: NFSName, in handle: FileHandle) throws(NFSStatus) -> NFSv3Answer {
        let (parent, number) = try entry(name, in: handle)
        guard inodes[number]?.type != .directory else { throw .isDirectory }
        drop(name.bytes, from: parent)
        dropName(of: number)
        return .done
    }

    mutating func removeDirectory(_ name: NFSName, in handle: FileHandle) throws(NFSStatus) -> NFSv3Answer {
        let (parent, number) = try entry(name, in: handle)
        guard inodes[number]?.type == .directory else { throw .notDirectory }
        guard inodes[number]?.entries.isEmpty == true else { throw .notEmpty }
        drop(name.bytes, from: parent)
        dropName(of: number)
        return .done
    }

    private mutating func drop(_ name: [UInt8], from parent: Int) {
        let isDirectory = inodes[parent]?[name].flatMap { inodes[$0]?.type } == .directory
        updateEntries(of: parent) {
            if let index = $0.index(of: name) { $0.entries.remove(at: index) }
            if isDirectory { $0.nlink -= 1 }
        }
    }

    mutating func rename(
        _ name: NFSName,
        in handle: FileHandle,
        to newName: NFSName,
        in newHandle: FileHandle
    ) throws(NFSStatus) -> NFSv3Answer {
        _ = try file(handle)
        let (newParent, newDirectory) = try directory(newHandle)
        try require(newName)
        let (parent, number) = try entry(name, in: handle)
        let isDirectory = inodes[number]?.type == .directory
        if isDirectory, isWithin(newParent, number) { throw .invalid }
        if let target = newDirectory[newName.bytes] {
            if target == number { return .done }
            // As Linux says it of a directory that the file lies in.
            if isWithin(parent, target) { throw .notEmpty }
            try requireReplaceable(target, byDirectory: isDirectory)
            drop(newName.bytes, from: newParent)
            dropName(of: target)
        }
        drop(name.bytes, from: parent)
        updateEntries(of: newParent) {
            $0.add(newName.bytes, number)
            if isDirectory { $0.nlink += 1 }
        }
        let time = time
        update(number) {
            $0.parent = newParent
            $0.ctime = time
        }
        return .done
    }

    private func requireReplaceable(_ target: Int, byDirectory isDirectory: Bool) throws(NFSStatus) {
        guard let inode = inodes[target] else { return }
        switch (isDirectory, inode.type == .directory) {
        case (true, false): throw .notDirectory
        case (false, true): throw .isDirectory
        case (true, true): if !inode.entries.isEmpty { throw .notEmpty }
        case (false, false): return
        }
    }

    /// Whether a directory is another, or lies below it.
    private func isWithin(_ number: Int, _ top: Int) -> Bool {
        var number = number
        while number != Self.root {
            if number == top { return true }
            number = inodes[number]?.parent ?? Self.root
        }
        return number == top
    }

    mutating func link(_ file: FileHandle, as name: NFSName, in handle: FileHandle) throws(NFSStatus) -> NFSv3Answer {
        let (number, inode) = try self.file(file)
        let (parent, directory) = try directory(handle)
        try require(name)
        guard inode.type != .directory else { throw .badType }
        guard directory[name.bytes] == nil else { throw .exists }
        let time = time
        update(number) {
            $0.nlink += 1
            $0.ctime = time
        }
        updateEntries(of: parent) { $0.add(name.bytes, number) }
        return .done
    }
}
