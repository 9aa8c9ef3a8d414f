import NIOCore

/// A manner that RFC 1813 leaves to a server and in which the test bed's server differs from others.
package struct ServerManner: Sendable, CustomStringConvertible {
    /// The manner, for the names of tests.
    package let description: String
    /// Procedures that are answered with NFS3ERR_NOTSUPP.
    var unsupported: Set<NFSProcedure> = []
    /// Whether replies lack the attributes that are optional (`post_op_attr`, RFC 1813 §2.6).
    var omitsAttributes = false
    /// Whether replies lack the file handles that are optional (`post_op_fh3`).
    var omitsHandles = false
    /// The most bytes that one READ or WRITE carries.
    var transfer: UInt32?
    /// The size of a page of READDIRPLUS or READDIR.
    var page: UInt32?
    /// What the cookies of a directory look like; its own inverse, and 0 stays 0.
    var cookie: @Sendable (UInt64) -> UInt64 = { $0 }
    /// Whether every file system has the id 0.
    var hasNoFileSystemID = false
    /// Whether directories have the mode 0755, which cannot be changed.
    var keepsModes = false
    /// To how many seconds times are kept; nil for nanoseconds.
    package var timeStep: UInt64?

    /// The manners that have been seen on servers.
    package static let all = [
        ServerManner(description: "no READDIRPLUS", unsupported: [.readdirplus]),
        ServerManner(description: "no attributes in replies", omitsAttributes: true),
        ServerManner(description: "no handles in replies", omitsHandles: true),
        ServerManner(description: "READ and WRITE of 512 bytes", transfer: 512),
        ServerManner(description: "pages of 1 KiB", page: 1024),
        ServerManner(description: "cookies that are large, sparse and unordered", cookie: { $0.byteSwapped }),
        ServerManner(description: "file system id 0", hasNoFileSystemID: true),
        ServerManner(description: "times to two seconds", timeStep: 2),
        ServerManner(
            description: "no READDIRPLUS, attributes or handles",
            unsupported: [.readdirplus],
            omitsAttributes: true,
            omitsHandles: true
        ),
    ]

    /// A server that gives directories the mode 0755 and refuses to change it, as ZFS does with `aclmode=restricted`.
    package static let withoutChmod = ServerManner(description: "no chmod", keepsModes: true)

    /// A server that lacks an optional procedure.
    package static func lacking(_ procedure: NFSProcedure) -> ServerManner {
        ServerManner(description: "no \(procedure)", unsupported: [procedure])
    }
}

/// Procedures of NFSv3 by their numbers (RFC 1813 §3.3).
package enum NFSProcedure: UInt32, Sendable {
    case getattr = 1
    case setattr = 2
    case lookup = 3
    case read = 6
    case write = 7
    case create = 8
    case mkdir = 9
    case symlink = 10
    case mknod = 11
    case link = 15
    case readdir = 16
    case readdirplus = 17
}
