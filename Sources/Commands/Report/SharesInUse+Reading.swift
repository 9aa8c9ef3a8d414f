import Backup
import Kubernetes
import Provisioning
import Reports

extension SharesInUse {
    /// Reads all shares at the same time, so that several that do not answer cost no more time than one.
    ///
    /// - Parameters:
    ///   - parts: The parts to read of each share.
    ///   - now: The present.
    ///   - coversAllExports: Whether these are all exports in use.
    /// - Returns: The sources of reports. A share that fails is a gap; an export that a class names and no controller
    ///   has used yet contributes nothing.
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
