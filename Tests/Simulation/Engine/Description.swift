import NFS

extension SimulatedFileSystem {
    /// The path of a file below the export's root; several for a file with several names are not told apart.
    package func path(of handle: FileHandle) -> String {
        guard let number = number(of: handle) else { return "(stale)" }
        return path(of: number)
    }

    private func path(of number: Int) -> String {
        if number == Self.root { return "/" }
        guard let parent = inodes[number]?.parent, let directory = inodes[parent],
            let entry = directory.entries.first(where: { $0.inode == number })
        else { return "(removed)" }
        return below(parent, entry.name)
    }

    private func below(_ parent: Int, _ name: [UInt8]) -> String {
        let top = path(of: parent)
        return (top == "/" ? "/" : top + "/") + String(decoding: name, as: UTF8.self)
    }

    func path(_ name: NFSName, in directory: FileHandle) -> String {
        guard let number = number(of: directory) else { return "(stale)/\(name)" }
        return below(number, name.bytes)
    }

    /// A call with paths in the place of handles.
    package func description(of request: NFSv3Request) -> String {
        let what =
            switch request {
            case .mount(let path): path
            case .getAttributes(let file), .statistics(let file), .commit(let file), .readLink(let file):
                path(of: file)
            case .setAttributes(let file, let changes): "\(path(of: file)) \(changes.summary)"
            case .lookUp(let name, let directory), .remove(let name, let directory),
                .removeDirectory(let name, let directory), .createFile(let name, let directory, _),
                .makeDirectory(let name, let directory, _), .makeSymbolicLink(let name, let directory, _, _),
                .makeSpecialFile(let name, let directory, _, _, _):
                path(name, in: directory)
            case .read(let file, let offset, let count): "\(path(of: file)) \(offset)+\(count)"
            case .write(let bytes, let file, let offset, _): "\(path(of: file)) \(offset)+\(bytes.count)\(text(bytes))"
            case .rename(let name, let directory, let newName, let newDirectory):
                "\(path(name, in: directory)) to \(path(newName, in: newDirectory))"
            case .link(let file, let name, let directory): "\(path(of: file)) as \(path(name, in: directory))"
            case .readDirectory(let directory, let cursor), .listNames(let directory, let cursor):
                path(of: directory) + (cursor == .start ? "" : " from \(cursor.cookie)")
            }
        return "\(request.name) \(what)"
    }

    /// The state that a record is written with, which is what one looks for in a history.
    private func text(_ bytes: ArraySlice<UInt8>) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        return ["state", "action", "hold"].map { key in
            guard let range = text.firstRange(of: "\"\(key)\"") else { return "" }
            return " \(key)" + text[range.upperBound...].prefix { $0 != "," && $0 != "\n" }.filter { $0 != " " }
        }.joined()
    }
}

extension AttributeChanges {
    fileprivate var summary: String {
        [
            mode.map { "mode \(String($0, radix: 8))" }, uid.map { "uid \($0)" }, gid.map { "gid \($0)" },
            size.map { "size \($0)" }, mtime.map { "mtime \($0.seconds)" },
        ].compactMap { $0 }.joined(separator: ", ")
    }
}

extension Result<NFSv3Answer, RPCFailure> {
    var summary: String {
        switch self {
        case .success(let answer): answer.summary
        case .failure(.status(let status)): NFSStatus(rawValue: status).map { "\($0)" } ?? "status \(status)"
        case .failure(let failure): "\(failure)"
        }
    }

    /// Everything but times and cookies.
    var digest: Int {
        var hasher = Hasher()
        switch self {
        case .success(let answer): answer.combine(into: &hasher)
        case .failure(let failure): hasher.combine(failure)
        }
        return hasher.finalize()
    }
}

extension NFSv3Answer {
    var summary: String {
        switch self {
        case .done: "done"
        case .root: "mounted"
        case .attributes(let attributes): attributes.summary
        case .node(let node): node.attributes?.summary ?? "done"
        case .target(let target): String(decoding: target, as: UTF8.self)
        case .chunk(let chunk): "\(chunk.bytes.count) bytes"
        case .written(let result): "\(result.count) bytes"
        case .committed: "done"
        case .page(let page): "[\(page.entries.map { "\($0.name)" }.joined(separator: " "))]"
        case .statistics(let room): "\(room.availableBytes) bytes, \(room.availableFiles) files free"
        }
    }

    func combine(into hasher: inout Hasher) {
        switch self {
        case .attributes(let attributes): attributes.combine(into: &hasher)
        case .node(let node):
            hasher.combine(node.handle)
            node.attributes?.combine(into: &hasher)
        case .page(let page):
            for entry in page.entries {
                hasher.combine(entry.name)
                hasher.combine(entry.handle)
                entry.attributes?.combine(into: &hasher)
            }
        default: hasher.combine(self)
        }
    }
}

extension Attributes {
    fileprivate var summary: String { "\(type) \(fileid)" }

    fileprivate func combine(into hasher: inout Hasher) {
        hasher.combine(type)
        hasher.combine(mode)
        hasher.combine(uid)
        hasher.combine(gid)
        hasher.combine(nlink)
        hasher.combine(size)
        hasher.combine(fileid)
        hasher.combine(fsid)
    }
}
