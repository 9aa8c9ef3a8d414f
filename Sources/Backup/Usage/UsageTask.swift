import Kubernetes
import Logging
import Provisioning

/// Measures the volumes and archives of all shares while this process leads: one tree after another on each share, so
/// that it takes only a part of the server's time.
package struct UsageTask: LeaderTask {
    /// The time before the first rounds: the claims that wait for a new leader come first.
    private static let firstLook = Duration.seconds(60)
    private static let sharesAtOnce = 8

    private let schedule: UsageSchedule
    private let cluster: ClusterView
    private let settings: ProvisionerSettings
    private let board: UsageBoard
    private let events: EventRecorder
    private let logger: Logger

    /// - Parameters:
    ///   - schedule: When and how fast to measure.
    ///   - cluster: The cluster whose volumes are measured.
    ///   - settings: The settings that say which volumes are ours.
    ///   - board: Publishes the results.
    ///   - events: Records that a volume holds more than its claim requests.
    ///   - logger: Logs what cannot be measured.
    package init(
        schedule: UsageSchedule,
        cluster: ClusterView,
        settings: ProvisionerSettings,
        board: UsageBoard,
        events: EventRecorder,
        logger: Logger
    ) {
        self.schedule = schedule
        self.cluster = cluster
        self.settings = settings
        self.board = board
        self.events = events
        self.logger = logger
    }

    package func run(on shares: Shares, addresses: @escaping @Sendable () -> [ShareAddress]) async {
        defer { board.clear() }
        let underWay = ConcurrencyLimiter<ShareAddress>(limit: Self.sharesAtOnce)
        let troubles = UsageTroubles()
        await withDiscardingTaskGroup { group in
            var wait = min(schedule.pause, Self.firstLook)
            while (try? await Task.sleep(for: wait)) != nil {
                for address in addresses() where underWay.enter(address) {
                    let round = round(on: shares[address], troubles)
                    group.addTask {
                        await round.perform()
                        underWay.leave(address)
                    }
                }
                wait = schedule.pause
            }
        }
    }

    private func round(on share: ShareConnection, _ troubles: UsageTroubles) -> UsageRound {
        UsageRound(
            share: share,
            schedule: schedule,
            cluster: cluster,
            settings: settings,
            board: board,
            requests: RequestCheck(cluster: cluster, events: events, logger: logger),
            troubles: troubles,
            logger: logger
        )
    }
}
