import NFS

/// What one look at an export came to.
struct ShareProbe: Sendable {
    /// Of one GETATTR.
    let roundTrip: Duration
    let room: FileSystemStatistics
}

extension ShareConnection {
    /// Looks whether the export answers, and how quickly; nothing on it is read or changed.
    func probe() async throws(NFSError) -> ShareProbe {
        let root = try await export.root()
        let start = ContinuousClock.now
        _ = try await export.attributes(of: root.handle)
        let roundTrip = ContinuousClock.now - start
        return ShareProbe(roundTrip: roundTrip, room: try await export.statistics())
    }
}
