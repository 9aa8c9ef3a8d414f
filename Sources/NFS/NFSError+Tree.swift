extension NFSError {
    /// Whether what was asked for may not be there any more. It is no proof: a server also calls a handle stale while it
    /// takes an export away for a moment.
    var isGone: Bool { code == .notFound || code == .stale }

    /// The same error, of work on `path`.
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
