import Kubernetes
import Logging
import Provisioning

/// Measures the volumes and archives of all shares, as long as this process leads: on each share one tree after another, so
/// that it takes no more than a part of the server's time.
package struct UsageTask: LeaderTask {
    /// The claims that wait for a new leader go first.
    private static let firstLook = Duration.seconds(60)
    private static let sharesAtOnce = 8

    private let schedule: UsageSchedule
    private let cluster: ClusterView
    private let settings: ProvisionerSettings
    private let board: UsageBoard
    private let events: EventRecorder
    private let logger: Logger

    /// - Parameters:
    ///   - schedule: When and how fast.
    ///   - cluster: Whose volumes are measured.
    ///   - settings: Which of them are ours.
    ///   - board: Shown what was found.
    ///   - events: Where owners are told that their volumes hold more than they asked for.
    ///   - logger: Told of what cannot be measured.
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
