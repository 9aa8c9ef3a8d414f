import Backup
import Kubernetes
import Provisioning
import Reports

extension SharesInUse {
    /// Reads all shares at the same time, so that those that do not answer cost the time of one.
    ///
    /// - Parameters:
    ///   - parts: What of each share.
    ///   - now: The present.
    ///   - coversAllExports: Whether these are all exports in use.
    /// - Returns: What reports are made of. A share that fails is a blind spot; an export that a class names and no
    ///   controller has used yet has nothing to say.
    func reportSources(_ parts: [ShareReading.Part], now: Timestamp, coversAllExports: Bool) async -> ReportSources {
        let readings = await ShareReading.all(of: shares, parts, isExpected: isExpected)
        return ReportSources(
            shares: readings,
            cluster: cluster,
            settings: settings,
            retention: retention,
            hasHooks: { [hooks] event in hooks.contains { $0.isFor(event) } },
            now: now,
            coversAllExports: coversAllExports
        )
    }
}
