extension NFSError: CustomStringConvertible {
    /// One sentence: what was tried, on what, why it failed, and what to do where that is known.
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
        case .busy: "the server is busy and asked to come back later"
        case .crossesFileSystem: detail ?? "another file system begins there, which is not gone into"
        case .tooLarge: detail ?? "the file would be too large for the server"
        case .badCookie: "the directory changed while it was read"
        case .changed: detail ?? "it changed while it was copied; the copy will be retried"
        case .unsupported: detail ?? "the server does not support it"
        case .serverFault: detail ?? "the server failed (\(statusText))"
        case .malformedReply: "the server's answer breaks the NFS protocol"
        case .rejected: "the server turned the request away: \(detail ?? "no reason given")"
        case .mountRefused: detail ?? mountRefusal
        case .unreachable: "the server \(address.server) cannot be reached: \(detail ?? "no reason given")"
        case .timedOut: "the server \(address.server) did not answer within \(detail ?? "the deadline")"
        case .disconnected: "the connection was lost before the answer came: \(detail ?? "no reason given")"
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
