import Logging

/// Reads every share's catalogue periodically, so that its archives can be counted.
struct ArchiveWatch: LeaderTask {
    /// The claims that wait for a new leader go first.
    private static let firstLook = Duration.seconds(5)
    private static let interval = Duration.seconds(300)
    /// Limits the fraction of time spent reading, however many archives there are.
    private static let pausePerReading = 20

    let metrics: ArchiveMetrics
    let logger: Logger

    func run(on shares: Shares, addresses: @escaping @Sendable () -> [ShareAddress]) async {
        var wait = Self.firstLook
        while (try? await Task.sleep(for: wait)) != nil {
            let start = ContinuousClock.now
            let addresses = addresses()
            metrics.keep(only: Set(addresses.map(\.export)))
            for address in addresses where !Task.isCancelled { await read(shares[address]) }
            wait = max(Self.interval, (.now - start) * Self.pausePerReading)
        }
    }

    /// The share passes the catalogue on to the metrics.
    private func read(_ share: ShareConnection) async {
        do {
            if try await share.hasBeenUsed() { _ = try await share.catalogue() }
        } catch {
            guard !Task.isCancelled else { return }
            logger.warning(
                "failed to count archives; will retry",
                metadata: ["export": "\(share.address)", "error": "\(error)"]
            )
        }
    }
}
