/// A call on an export that failed: what was tried, on what, why, and what an admin can do.
package struct NFSError: Error, Hashable, Sendable {
    package enum Code: Hashable, Sendable {
        case notFound
        case alreadyExists
        case notDirectory
        case isDirectory
        case notEmpty
        case nameTooLong
        case stale
        case permissionDenied
        case readOnly
        case noSpace
        case busy
        case crossesFileSystem
        case tooLarge
        /// The directory changed so much while it was listed that the listing must begin again.
        case badCookie
        /// A file or directory changed while it was copied so that the copy would not be whole.
        case changed
        case unsupported
        case serverFault
        /// The server's RPC layer turned the call away: another version, another kind of credentials.
        case rejected
        /// The server's answer breaks the protocol.
        case malformedReply
        /// The server refused to mount the path.
        case mountRefused
        /// No connection could be made within the deadline.
        case unreachable
        /// The call was sent and the deadline passed without an answer.
        case timedOut
        /// The connection broke while the call was under way.
        case disconnected
        /// The right to write (the leader's lease) was gone before the call was sent.
        case fenced
        case cancelled
        case closed
    }

    package let code: Code
    /// The status the server answered with (nfsstat3, RFC 1813 §2.6, or mountstat3, §5.1.5).
    package let nfsStatus: UInt32?
    /// What was tried, as in `mkdir`.
    package let operation: String
    /// What it was tried on, for people: a name, or a path below the export. Empty if it was the export itself.
    package let subject: String
    package let address: ExportAddress
    /// What the transport or the server said beyond the code.
    package let detail: String?

    package init(
        _ code: Code,
        nfsStatus: UInt32? = nil,
        operation: String,
        subject: String = "",
        address: ExportAddress,
        detail: String? = nil
    ) {
        self.code = code
        self.nfsStatus = nfsStatus
        self.operation = operation
        self.subject = subject
        self.address = address
        self.detail = detail
    }

    /// Whether the same call may succeed later with nothing changed by an admin.
    package var isRetriable: Bool {
        switch code {
        case .busy, .unreachable, .timedOut, .disconnected, .fenced, .stale: true
        case .badCookie, .changed, .serverFault, .notEmpty: true
        // MNT3ERR_IO and MNT3ERR_SERVERFAULT are the server's troubles, not its decision.
        case .mountRefused: nfsStatus == 5 || nfsStatus == 10006
        default: false
        }
    }

    /// Whether the server may have done what was asked although the call failed. Before a MKDIR, REMOVE, RMDIR or
    /// RENAME is tried again, look: its second answer may be “exists” or “not found” because the first one worked.
    package var outcomeUnknown: Bool {
        switch code {
        case .timedOut, .disconnected, .cancelled, .closed, .malformedReply: true
        default: false
        }
    }
}
