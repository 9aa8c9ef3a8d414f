/// A failed call on an export: the operation, its subject, the cause, and what an admin can do.
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
        /// A file or directory changed while it was copied, so the copy would be incomplete.
        case changed
        case unsupported
        case serverFault
        /// The server's RPC layer rejected the call: unsupported version, or wrong kind of credentials.
        case rejected
        /// The server's reply violates the protocol.
        case malformedReply
        /// The server refused to mount the path.
        case mountRefused
        /// No connection could be made within the deadline.
        case unreachable
        /// The call was sent and the deadline passed without an answer.
        case timedOut
        /// The connection broke while the call was under way.
        case disconnected
        /// The right to write (the leader's lease) was lost before the call was sent.
        case fenced
        case cancelled
        case closed
    }

    package let code: Code
    /// The status the server answered with (nfsstat3, RFC 1813 §2.6, or mountstat3, §5.1.5).
    package let nfsStatus: UInt32?
    /// The operation, such as `mkdir`.
    package let operation: String
    /// The subject of the operation, for display: a name, or a path below the export. Empty for the export itself.
    package let subject: String
    package let address: ExportAddress
    /// Further detail from the transport or the server.
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

    /// Whether the same call may succeed later without a change by an admin.
    package var isRetriable: Bool {
        switch code {
        case .busy, .unreachable, .timedOut, .disconnected, .fenced, .stale: true
        case .badCookie, .changed, .serverFault, .notEmpty: true
        // MNT3ERR_IO and MNT3ERR_SERVERFAULT report trouble on the server, not a refusal.
        case .mountRefused: nfsStatus == 5 || nfsStatus == 10006
        default: false
        }
    }

    /// Whether the server may have carried out the call although it failed. Look before you retry a MKDIR, REMOVE,
    /// RMDIR or RENAME: the second reply may be “exists” or “not found” because the first call worked.
    package var outcomeUnknown: Bool {
        switch code {
        case .timedOut, .disconnected, .cancelled, .closed, .malformedReply: true
        default: false
        }
    }
}

extension NFSError: CustomStringConvertible {
    /// One sentence: the operation, its subject, the cause, and what to do about it where that is known.
    package var description: String {
        let what = subject.isEmpty ? operation : "\(operation) \(subject) on"
        return "\(what) \(address): \(reason)"
    }

    private var reason: String {
        switch code {
        case .notFound: "no such file or directory"
        case .alreadyExists: "the name is taken"
        case .notDirectory: "not a directory"
        case .isDirectory: "it is a directory"
        case .notEmpty: "the directory is not empty"
        case .nameTooLong: "the name is too long for the server"
        case .stale:
            detail
                ?? "the server does not know the file handle (stale): the file is gone, or its export was unavailable"
        case .permissionDenied:
            "permission denied; if the export maps root to nobody (root_squash), allow no_root_squash for this client "
                + "or make the export's folder writable for the user it maps to (often uid 65534)"
        case .readOnly: "the export is read-only; export it read-write to this client"
        case .noSpace: nfsStatus == 69 ? "the quota is used up" : "no space is left on the server"
        case .busy: "the server is busy; try again later"
        case .crossesFileSystem: detail ?? "another file system begins there; it is not entered"
        case .tooLarge: detail ?? "the file would be too large for the server"
        case .badCookie: "the directory changed while it was read"
        case .changed: detail ?? "it changed while it was copied; the copy will be retried"
        case .unsupported: detail ?? "the server does not support it"
        case .serverFault: detail ?? "the server failed (\(statusText))"
        case .malformedReply: "the server's answer breaks the NFS protocol"
        case .rejected: "the server rejected the request: \(detail ?? "no reason given")"
        case .mountRefused: detail ?? mountRefusal
        case .unreachable: "the server \(address.server) cannot be reached: \(detail ?? "no reason given")"
        case .timedOut: "the server \(address.server) did not answer within \(detail ?? "the deadline")"
        case .disconnected: "the connection was lost before the server answered: \(detail ?? "no reason given")"
        case .fenced: "not sent, because the right to write (the leader's lease) has expired"
        case .cancelled: "cancelled"
        case .closed: "the connection to the export was closed"
        }
    }

    /// mountstat3, RFC 1813 §5.1.5.
    private var mountRefusal: String {
        switch nfsStatus {
        case 1, 13:
            "the server refuses; check that it exports this path to this client's address, with the option insecure if "
                + "the client cannot use a source port below 1024"
        case 2: "the server does not have this path; check the path and the server's exports"
        case 20: "the path is not a directory on the server"
        case 63: "the path is too long for the server"
        default: "the server refused to mount the path (\(statusText))"
        }
    }

    private var statusText: String { nfsStatus.map { "status \($0)" } ?? "no status" }
}

extension NFSError {
    /// Translates a call's failure for its caller; `deadline` is the time that the call had.
    init<Value>(
        _ failure: RPCFailure,
        call: RPCCall<Value>,
        subject: String,
        address: ExportAddress,
        deadline: Duration
    ) {
        let (code, status, detail): (Code, UInt32?, String?) =
            switch failure {
            case .status(let status):
                (Value.self == MountedRoot.self ? .mountRefused : Code(nfsStatus: status), status, nil)
            case .rejected(let reason): (.rejected, nil, reason)
            case .malformed: (.malformedReply, nil, nil)
            case .unreachable(let reason): (.unreachable, nil, reason)
            case .timedOut: (.timedOut, nil, "\(deadline)")
            case .disconnected(let reason): (.disconnected, nil, reason)
            case .fenced: (.fenced, nil, nil)
            case .cancelled: (.cancelled, nil, nil)
            case .closed: (.closed, nil, nil)
            }
        self.init(
            code,
            nfsStatus: status,
            operation: call.name,
            subject: subject,
            address: address,
            detail: detail
        )
    }
}

extension NFSError.Code {
    /// nfsstat3 by number, RFC 1813 §2.6.
    init(nfsStatus: UInt32) {
        self =
            switch nfsStatus {
            case 1, 13: .permissionDenied
            case 2: .notFound
            case 17: .alreadyExists
            case 18: .crossesFileSystem
            case 20: .notDirectory
            case 21: .isDirectory
            case 27: .tooLarge
            case 28, 69: .noSpace
            case 30: .readOnly
            case 63: .nameTooLong
            case 66: .notEmpty
            case 70, 10001: .stale
            case 10003: .badCookie
            case 10004: .unsupported
            case 10008: .busy
            default: .serverFault
            }
    }
}

extension NFSError {
    /// Whether the subject may no longer exist. This is no proof: a server also reports a handle as stale while it
    /// withdraws an export for a moment.
    var isGone: Bool { code == .notFound || code == .stale }

    /// The same error with `path` as its subject.
    func at(_ path: String) -> NFSError {
        NFSError(
            code,
            nfsStatus: nfsStatus,
            operation: operation,
            subject: path,
            address: address,
            detail: detail
        )
    }
}

extension Result where Failure == NFSError, Success: Sendable {
    init(of body: () async throws(NFSError) -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }

    init(failure: NFSError?, else success: Success) {
        self = failure.map { .failure($0) } ?? .success(success)
    }
}
