import Backup
import Kubernetes
import Provisioning

extension BackupJudgement {
    /// A purge should be done so many seconds after it became due: the policy has a pace.
    private static let purgeGrace: Int64 = 86_400

    /// - Parameters:
    ///   - record: The archive.
    ///   - retention: What the policy says of it; nil: there is none, or it does nothing.
    ///   - isHindered: Whether the policy purges nothing of the share, because a record on it cannot be read. Which one
    ///     is for those who see the blind spots: this is read by whoever sees the archive.
    ///   - sources: What else is known.
    init(
        of record: ArchiveRecord,
        retention: RetentionVerdict? = nil,
        isHindered: Bool = false,
        in sources: ReportSources
    ) {
        if sources.isAhead(record.times) {
            self.init(.unknown, "its record speaks of times that have not come yet: a clock jumped")
            return
        }
        let age = sources.age(of: record.inStateSince ?? record.requestedAt)
        switch record.state {
        case .purged:
            self.init(ended: record)
        case .lost:
            self.init(.failed, "its directory was removed by hand; only a copy can restore it")
        case .restored:
            self.init(.ok, "it became volume \(record.restore?.volume ?? "a volume") again")
        case .intent, .renamed:
            let what = record.state == .intent ? "it is about to be archived" : "the hooks after its rename are running"
            self = Self(failureOf: record.hooks) ?? Self(underWay: what, for: age)
        case .restoring:
            self.init(underWay: "it is becoming volume \(record.restore?.volume ?? "a volume")", for: age)
        case .purging:
            self.init(underWay: "it is being purged", for: age)
        case .archived:
            self = Self(backupOf: record) ?? Self(retention, isHindered, of: record, in: sources)
        }
    }

    private init(ended record: ArchiveRecord) {
        let reason = "it was purged: \(record.purge?.reason ?? "nothing says why")"
        if record.lacksBackup {
            self.init(.warning, "\(reason); it needed a backup and had none")
        } else {
            self.init(.ok, reason)
        }
    }

    /// What is wrong with an archive's backup; nil: nothing.
    private init?(backupOf record: ArchiveRecord) {
        if record.backup != BackupRequirement.none, let failure = Self(failureOf: record.hooks) {
            self = failure
        } else if record.lacksBackup {
            self.init(.missing, "it needs a backup and no hook has made one: nothing purges it by itself")
        } else {
            return nil
        }
    }

    /// Of an archive whose backup is as it should be.
    private init(
        _ retention: RetentionVerdict?,
        _ isHindered: Bool,
        of record: ArchiveRecord,
        in sources: ReportSources
    ) {
        let backup = Self.words(record)
        switch retention {
        case .undecidable(let why):
            self.init(.warning, "\(backup); it is kept until somebody puts this right: \(why)")
        case .purge(let since?, let why) where sources.retention?.isDryRun != true:
            let isLate = sources.age(of: since) > Self.purgeGrace
            let hindrance = isHindered ? "; nothing of the share is purged while a record on it cannot be read" : ""
            self.init(isLate ? .overdue : .ok, "\(backup); its purge is due since \(since): \(why)\(hindrance)")
        case .keep, .purge, nil:
            self.init(.ok, record.hold.map { "\(backup); held: \($0.reason)" } ?? backup)
        }
    }

    private static func words(_ record: ArchiveRecord) -> String {
        if record.backup == BackupRequirement.none { return "no backup is wanted" }
        guard let done = record.lastBackup else { return "no hook has backed it up, and none has to" }
        return "backed up by hook \(done.name)"
    }
}

extension ArchiveRecord {
    /// Every time that must have come already.
    fileprivate var times: [Timestamp] {
        [requestedAt, archivedAt, purge?.requestedAt, purge?.doneAt, restore?.requestedAt, restore?.doneAt, hold?.at]
            .compactMap { $0 } + (hooks ?? []).map(\.finishedAt)
    }

    /// The last hook that backed it up.
    var lastBackup: HookResult? {
        (hooks ?? []).filter { ($0.phase == .beforeArchive || $0.phase == .afterArchive) && $0.outcome == .succeeded }
            .max { $0.finishedAt < $1.finishedAt }
    }
}
