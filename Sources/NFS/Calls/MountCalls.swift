import CLibNFS

/// The result of MNT: the handle of the export's root, and the authentication flavours that the server accepts.
package struct MountedRoot: Hashable, Sendable {
    package let handle: FileHandle
    package let authenticationFlavors: [Int32]

    package init(handle: FileHandle, authenticationFlavors: [Int32]) {
        self.handle = handle
        self.authenticationFlavors = authenticationFlavors
    }

    /// Whether the server accepts AUTH_SYS (RFC 5531 §8.2); a server that lists no flavour accepts any.
    var allowsSystemAuthentication: Bool { authenticationFlavors.isEmpty || authenticationFlavors.contains(1) }
}

extension RPCCall where Value == MountedRoot {
    /// MNT (RFC 1813 §5.2.1) of a path that an admin configured. The server resolves it and follows symbolic links, so
    /// a tenant must never control any part of it.
    static func mount(_ path: String) -> RPCCall {
        RPCCall(.mount(path), nsp_mount3_mnt) { memory in
            UnsafeMutablePointer<CChar>?.some(memory.copy(Array(path.utf8)))
        } decode: { (reply: mountres3, _) in
            let mounted = reply.mountres3_u.mountinfo
            var root = nfs_fh3()
            root.data.data_len = mounted.fhandle.fhandle3_len
            root.data.data_val = mounted.fhandle.fhandle3_val
            let flavors = UnsafeBufferPointer(
                start: mounted.auth_flavors.auth_flavors_val,
                count: Int(min(mounted.auth_flavors.auth_flavors_len, 64))
            )
            return FileHandle(root).map { MountedRoot(handle: $0, authenticationFlavors: Array(flavors)) }
        }
    }
}

extension RPCCall where Value == [ListedExport] {
    /// EXPORT (RFC 1813 §5.2.5); a server need not list its exports.
    static var listExports: RPCCall {
        RPCCall(plain: "export", nsp_mount3_export) { _ in
            0
        } decode: { (first: exports?, _) in
            let nodes = sequence(first: first, next: { $0?.pointee.ex_next })
            return .success(nodes.prefix { $0 != nil }.compactMap { $0.map { ListedExport($0.pointee) } })
        }
    }
}

extension ListedExport {
    fileprivate init(_ node: exportnode) {
        let groups = sequence(first: node.ex_groups, next: { $0?.pointee.gr_next })
        self.init(
            path: node.ex_dir.map { String(cString: $0) } ?? "",
            clients: groups.prefix { $0 != nil }.compactMap { $0?.pointee.gr_name.map { String(cString: $0) } }
        )
    }
}
