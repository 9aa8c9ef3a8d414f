import Logging
import NFS

/// Probes every configured export periodically, on every replica. A server that hangs delays only its own probe.
struct ExportMonitor: Sendable {
    static let interval = Duration.seconds(15)

    let shares: Shares
    let addresses: @Sendable () -> [ShareAddress]
    let metrics: ExportMetrics
    let health: ExportHealth
    let logger: Logger

    /// Runs until it is cancelled.
    func run() async {
        // One probe of an export at a time, of any number of exports.
        let inHand = ConcurrencyLimiter<ShareAddress>(limit: .max)
        await withDiscardingTaskGroup { group in
            repeat {
                let addresses = addresses()
                let exports = Set(addresses.map(\.export))
                metrics.keep(only: exports)
                health.keep(only: exports)
                for address in addresses where inHand.enter(address) {
                    group.addTask {
                        await look(at: address)
                        inHand.leave(address)
                    }
                }
            } while (try? await Task.sleep(for: Self.interval)) != nil
            group.cancelAll()
        }
    }

    private func look(at address: ShareAddress) async {
        health.begin(address.export)
        do {
            let probe = try await shares[address].probe()
            health.end(address.export, .answering)
            if metrics.note(probe, of: address.export) == false {
                logger.notice("export answers again", metadata: ["export": "\(address)"])
            }
        } catch {
            health.end(address.export, error.isInterruption ? nil : .silent(reason: "\(error)"))
            guard !error.isInterruption, metrics.note(nil, of: address.export) != false else { return }
            logger.warning("export does not answer", metadata: ["export": "\(address)", "error": "\(error)"])
        }
    }
}
