import CLibNFS
import Glibc

// The building blocks of NFSv3 replies (RFC 1813 §2.5), as values. Replies are not trusted: lengths are checked, and
// enumerations may have unknown values.

extension FileHandle {
    init?(_ handle: nfs_fh3) {
        guard let start = handle.data.data_val, handle.data.data_len <= Self.maximumLength else { return nil }
        self.init(bytes: Array(UnsafeRawBufferPointer(start: start, count: Int(handle.data.data_len))))
    }

    init?(_ handle: post_op_fh3) {
        guard handle.handle_follows != 0 else { return nil }
        self.init(handle.post_op_fh3_u.handle)
    }
}

extension Attributes {
    init(_ attributes: fattr3) {
        self.init(
            type: FileType(rawValue: attributes.type.rawValue) ?? .unknown,
            mode: attributes.mode & 0o7777,
            uid: attributes.uid,
            gid: attributes.gid,
            nlink: attributes.nlink,
            size: attributes.size,
            used: attributes.used,
            device: DeviceNumber(major: attributes.rdev.specdata1, minor: attributes.rdev.specdata2),
            fsid: attributes.fsid,
            fileid: attributes.fileid,
            mtime: FileTime(attributes.mtime),
            ctime: FileTime(attributes.ctime)
        )
    }

    init?(_ attributes: post_op_attr) {
        guard attributes.attributes_follow != 0 else { return nil }
        self.init(attributes.post_op_attr_u.attributes)
    }
}

extension FileTime {
    init(_ time: nfstime3) { self.init(seconds: time.seconds, nanoseconds: time.nseconds) }
}

/// An entry of the list that READDIR or READDIRPLUS returns.
protocol ListedEntry {
    /// The name, as C has it.
    var text: filename3? { get }
    var cookie: cookie3 { get }
    var next: UnsafeMutablePointer<Self>? { get }
    var fileid: fileid3 { get }
    /// The file's handle and attributes, as far as the server includes them.
    var node: PartialNode { get }
}

extension entry3: ListedEntry {
    var text: filename3? { name }
    var next: UnsafeMutablePointer<Self>? { nextentry }
    var node: PartialNode { PartialNode(handle: nil, attributes: nil) }
}

extension entryplus3: ListedEntry {
    var text: filename3? { name }
    var next: UnsafeMutablePointer<Self>? { nextentry }
    var node: PartialNode {
        PartialNode(handle: FileHandle(name_handle), attributes: Attributes(name_attributes))
    }
}

extension DirectoryEntry {
    /// - Returns: `nil` if the name is invalid, for example because it contains a `/`.
    init?(_ entry: some ListedEntry) {
        guard let start = entry.text else { return nil }
        let bytes = UnsafeRawBufferPointer(start: start, count: strlen(start))
        guard let name = NFSName(listed: Array(bytes)) else { return nil }
        let node = entry.node
        self.init(name: name, fileid: entry.fileid, handle: node.handle, attributes: node.attributes)
    }
}

extension DirectoryPage {
    /// - Returns: `nil` for a page that violates the protocol: an invalid name, or no progress past `start`.
    init?<Entry: ListedEntry>(
        _ first: UnsafeMutablePointer<Entry>?,
        isLast: Bool,
        _ verifier: cookieverf3,
        from start: DirectoryCursor
    ) {
        var entries: [DirectoryEntry] = []
        var lastCookie = start.cookie
        var next = first
        while let entry = next?.pointee {
            next = entry.next
            lastCookie = entry.cookie
            if let name = entry.text, strcmp(name, ".") == 0 || strcmp(name, "..") == 0 { continue }
            guard let decoded = DirectoryEntry(entry) else { return nil }
            entries.append(decoded)
        }
        guard isLast || lastCookie != start.cookie else { return nil }
        let verifier = withUnsafeBytes(of: verifier) { $0.loadUnaligned(as: UInt64.self) }
        let cursor = DirectoryCursor(cookie: lastCookie, verifier: verifier, isOfNames: Entry.self == entry3.self)
        self.init(entries: entries, next: isLast ? nil : cursor)
    }
}
