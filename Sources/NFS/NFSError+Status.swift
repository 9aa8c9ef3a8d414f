extension NFSError {
    /// What a call's failure means for its caller; `deadline` is what the call had.
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
