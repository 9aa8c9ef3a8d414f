import Reports

/// Caches a reading for some seconds, so that many viewers cost only one.
actor ReportCache {
    /// A reading, and the namespaces that appear in it.
    struct Content: Sendable {
        let reading: ReportReading
        let namespaces: Set<String>
    }

    private let lifetime: Duration
    private let read: @Sendable () async throws -> ReportReading
    private var content: Content?
    private var expiry = ContinuousClock.now
    private var underWay: Task<Content, any Error>?

    /// - Parameters:
    ///   - lifetime: How long a reading is valid.
    ///   - read: Reads the cluster and the shares.
    init(lifetime: Duration = .seconds(15), read: @escaping @Sendable () async throws -> ReportReading) {
        (self.lifetime, self.read) = (lifetime, read)
    }

    /// Returns a recent reading, or reads once for all callers that ask meanwhile.
    ///
    /// - Throws: What reading throws.
    func current() async throws -> Content {
        if let content, ContinuousClock.now < expiry { return content }
        if let underWay { return try await underWay.value }
        // A separate task: the first caller may be cancelled while others wait.
        let task = Task { [read] in
            let reading = try await read()
            return Content(reading: reading, namespaces: reading.reports(ReportFilter(), false).namespaces)
        }
        underWay = task
        defer { underWay = nil }
        let new = try await task.value
        (content, expiry) = (new, ContinuousClock.now + lifetime)
        return new
    }
}
