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
        let readings = await withTaskGroup(of: (Int, ShareReading?).self) { group in
            for (index, share) in shares.enumerated() { group.addTask { (index, await reading(of: share, parts)) } }
            var readings: [Int: ShareReading] = [:]
            for await (index, reading) in group { readings[index] = reading }
            return readings.sorted { $0.key < $1.key }.map(\.value)
        }
        return ReportSources(
            shares: readings,
            cluster: cluster.forReports,
            settings: settings,
            retention: retention,
            hasHooks: { [hooks] event in hooks.contains { $0.isFor(event) } },
            now: now,
            coversAllExports: coversAllExports
        )
    }

    private func reading(of share: Share, _ parts: [ShareReading.Part]) async -> ShareReading? {
        do {
            return try await ShareReading(of: share, parts)
        } catch is UnusedShare where !isExpected(share) {
            return nil
        } catch {
            var reading = ShareReading(export: share.address.export)
            reading.failures = [BlindSpot(export: "\(share.address)", reason: "\(error)")]
            return reading
        }
    }
}

extension ClusterReading {
    fileprivate var forReports: ReportCluster {
        switch self {
        case .notAsked: .notAsked
        case .failed(let reason): .silent(reason: reason)
        case .read(let contents): .seen(id: contents.id, volumes: contents.volumes, classes: contents.classes)
        }
    }
}
