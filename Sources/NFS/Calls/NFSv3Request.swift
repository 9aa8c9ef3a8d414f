/// One call of NFSv3 (RFC 1813 §3.3), or MNT (§5.2.1), as a value.
package enum NFSv3Request: Hashable, Sendable {
    case mount(_ path: String)
    case getAttributes(of: FileHandle)
    case setAttributes(of: FileHandle, to: AttributeChanges)
    case lookUp(NFSName, in: FileHandle)
    case readLink(FileHandle)
    case read(FileHandle, at: UInt64, count: Int)
    case write(ArraySlice<UInt8>, to: FileHandle, at: UInt64, stability: WriteStability)
    case createFile(NFSName, in: FileHandle, AttributeChanges)
    case makeDirectory(NFSName, in: FileHandle, AttributeChanges)
    case makeSymbolicLink(NFSName, in: FileHandle, to: [UInt8], AttributeChanges)
    case makeSpecialFile(NFSName, in: FileHandle, type: FileType, device: DeviceNumber, AttributeChanges)
    case remove(NFSName, in: FileHandle)
    case removeDirectory(NFSName, in: FileHandle)
    case rename(NFSName, from: FileHandle, to: NFSName, in: FileHandle)
    case link(FileHandle, as: NFSName, in: FileHandle)
    case readDirectory(FileHandle, from: DirectoryCursor)
    /// READDIR, for servers without READDIRPLUS: names and file ids only.
    case listNames(FileHandle, from: DirectoryCursor)
    case statistics(of: FileHandle)
    case commit(FileHandle)

    /// The name of the procedure, for display.
    package var name: String {
        switch self {
        case .mount: "mount"
        case .getAttributes: "getattr"
        case .setAttributes: "setattr"
        case .lookUp: "lookup"
        case .readLink: "readlink"
        case .read: "read"
        case .write: "write"
        case .createFile: "create"
        case .makeDirectory: "mkdir"
        case .makeSymbolicLink: "symlink"
        case .makeSpecialFile: "mknod"
        case .remove: "remove"
        case .removeDirectory: "rmdir"
        case .rename: "rename"
        case .link: "link"
        case .readDirectory: "readdirplus"
        case .listNames: "readdir"
        case .statistics: "fsstat"
        case .commit: "commit"
        }
    }

    /// Whether the call changes something on the server.
    package var changes: Bool {
        switch self {
        case .mount, .getAttributes, .lookUp, .readLink, .read, .readDirectory, .listNames, .statistics: false
        case .setAttributes, .write, .createFile, .makeDirectory, .makeSymbolicLink, .makeSpecialFile, .remove,
            .removeDirectory, .rename, .link, .commit:
            true
        }
    }
}
