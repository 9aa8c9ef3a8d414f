import Backup
import Kubernetes
import Provisioning

/// The verdict of a report on one volume or archive, with its reason.
package struct BackupJudgement: Sendable, Hashable {
    /// The seconds after which an operation that has begun should be done.
    static let grace: Int64 = 3600

    package var verdict: BackupVerdict
    /// One sentence.
    package var reason: String

    init(_ verdict: BackupVerdict, _ reason: String) {
        self.verdict = verdict
        self.reason = reason
    }

    /// Judges an operation under way, which is overdue if it began long ago.
    init(underWay what: String, for age: Int64) {
        self.init(
            age > Self.grace ? .overdue : .ok,
            age > Self.grace ? "\(what); \(Self.span(age)) so far, see the controller's log" : what
        )
    }

    /// Judges by the last hook that failed; nil if none did.
    init?(failureOf hooks: [HookResult]?) {
        guard let result = hooks?.last(where: \.isFailure) else { return nil }
        self.init(
            .failed,
            "hook \(result.name) (\(result.phase.rawValue)) failed at attempt \(result.attempts): \(result.message)"
        )
    }

    /// A number of seconds in the largest unit that fits.
    static func span(_ seconds: Int64) -> String {
        switch seconds {
        case ..<120: "\(seconds) s"
        case ..<7200: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3600) h"
        default: "\(seconds / 86_400) d"
        }
    }
}

extension BackupJudgement {
    /// The seconds after which a due purge should be done: a run purges a limited number of archives.
    private static let purgeGrace: Int64 = 86_400

    /// - Parameters:
    ///   - record: The archive.
    ///   - retention: The policy's verdict; nil if there is none.
    ///   - isHindered: Whether the policy purges nothing on the share, because a record on it cannot be read. The
    ///     reason does not name the record, because every user who sees the archive reads it; the gaps name it.
    ///   - sources: The sources of the report.
    init(
        of record: ArchiveRecord,
        retention: RetentionVerdict? = nil,
        isHindered: Bool = false,
        in sources: ReportSources
    ) {
        if sources.isAhead(record.times) {
            self.init(.unknown, "its record has times in the future; a clock was wrong")
            return
        }
        let age = sources.age(of: record.inStateSince ?? record.requestedAt)
        switch record.state {
        case .purged:
            self.init(ended: record)
        case .lost:
            self.init(.failed, "its directory was removed by hand; only a copy can restore it")
        case .restored:
            self.init(.ok, "it was restored as volume \(record.restore?.volume ?? "(unknown)")")
        case .intent, .renamed:
            let what = record.state == .intent ? "it is being archived" : "the hooks after the rename are running"
            self = Self(failureOf: record.hooks) ?? Self(underWay: what, for: age)
        case .restoring:
            self.init(underWay: "it is being restored as volume \(record.restore?.volume ?? "(unknown)")", for: age)
        case .purging:
            self.init(underWay: "it is being purged", for: age)
        case .archived:
            self = Self(backupOf: record) ?? Self(retention, isHindered, of: record, in: sources)
        }
    }

    private init(ended record: ArchiveRecord) {
        let reason = "it was purged: \(record.purge?.reason ?? "no reason is recorded")"
        if record.lacksBackup {
            self.init(.warning, "\(reason); it needed a backup and had none")
        } else {
            self.init(.ok, reason)
        }
    }

    /// Judges an archive's backup; nil if nothing is wrong with it.
    private init?(backupOf record: ArchiveRecord) {
        if record.backup != BackupRequirement.none, let failure = Self(failureOf: record.hooks) {
            self = failure
        } else if record.lacksBackup {
            self.init(.missing, "it needs a backup, and no hook has made one; retention keeps it")
        } else {
            return nil
        }
    }

    /// Judges the retention of an archive whose backup is in order.
    private init(
        _ retention: RetentionVerdict?,
        _ isHindered: Bool,
        of record: ArchiveRecord,
        in sources: ReportSources
    ) {
        let backup = Self.words(record)
        switch retention {
        case .undecidable(let why):
            self.init(.warning, "\(backup); retention is undecidable: \(why)")
        case .purge(let since?, let why) where sources.retention?.isDryRun != true:
            let isLate = sources.age(of: since) > Self.purgeGrace
            let hindrance = isHindered ? "; nothing on the share is purged while a record on it cannot be read" : ""
            self.init(isLate ? .overdue : .ok, "\(backup); due for purging since \(since): \(why)\(hindrance)")
        case .keep, .purge, nil:
            self.init(.ok, record.hold.map { "\(backup); held: \($0.reason)" } ?? backup)
        }
    }

    private static func words(_ record: ArchiveRecord) -> String {
        if record.backup == BackupRequirement.none { return "no backup is required" }
        guard let done = record.lastBackup else { return "no hook has backed it up, and none is required to" }
        return "backed up by hook \(done.name)"
    }
}

extension ArchiveRecord {
    /// All times that must lie in the past.
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

extension BackupJudgement {
    /// - Parameters:
    ///   - facts: The volume.
    ///   - hasHook: Whether a hook would back it up when it is archived.
    ///   - sources: The sources of the report.
    init(of facts: VolumeFacts, hasHook: Bool, in sources: ReportSources) {
        if !facts.isShareSeen {
            self.init(.unknown, "the records of its share could not be read")
        } else if let flaw = facts.flaw {
            self.init(.unknown, flaw)
        } else if sources.isAhead(facts.times) {
            self.init(.unknown, "its record has times in the future; a clock was wrong")
        } else if let failure = Self(failureOf: facts.record?.hooks) {
            self = failure
        } else if facts.volume == nil, let record = facts.record {
            self.init(absent: record, requirement: facts.requirement, in: sources)
        } else {
            self.init(inCluster: facts, hasHook: hasHook, in: sources)
        }
    }

    /// Judges a record without a known volume in the cluster.
    private init(absent record: VolumeRecord, requirement: BackupRequirement, in sources: ReportSources) {
        let release = record.release
        if !sources.cluster.isOurs(record.cluster) {
            self.init(.unknown, "it belongs to another cluster, which was not asked")
        } else if release?.action == .retain {
            self.init(retained: requirement, "its directory was left in place")
        } else if let release, release.action == .delete {
            self.init(underWay: "it is being deleted", for: sources.age(of: release.at))
        } else if let silence = sources.cluster.silence {
            self.init(.unknown, "\(silence), so whether it is in use is unknown")
        } else if sources.age(of: record.createdAt) <= Self.grace {
            self.init(.ok, "it is being created")
        } else {
            self.init(
                .warning,
                "it has a record and a directory, but no volume in the cluster, and was never released;"
                    + " run archive verify"
            )
        }
    }

    private init(inCluster facts: VolumeFacts, hasHook: Bool, in sources: ReportSources) {
        let phase = facts.volume?.status?.phase
        switch phase {
        case .released? where facts.volume?.spec?.persistentVolumeReclaimPolicy != .delete:
            self.init(retained: facts.requirement, "its claim was deleted, and its policy keeps its data")
        case .released?:
            if let since = facts.releasedAt {
                self.init(underWay: "it is released and waits to be reclaimed", for: sources.age(of: since))
            } else {
                self.init(.warning, "it is released and waits to be reclaimed; since when is unknown")
            }
        case .failed?:
            let message = facts.volume?.status?.message.map { ": \($0)" } ?? ""
            self.init(.warning, "its phase is Failed\(message)")
        default:
            self.init(ready: facts, hasHook: hasHook)
        }
    }

    private init(ready facts: VolumeFacts, hasHook: Bool) {
        let use = facts.volume?.status?.phase == .bound ? "in use" : "not bound to a claim yet"
        if facts.requirement == .required, !hasHook {
            self.init(.warning, "it needs a backup when it is archived, but no hook makes one")
        } else if facts.record == nil, facts.volume?.metadata.annotations?[AnnotationKey.share] != nil {
            self.init(.warning, "its record is not on the share")
        } else if facts.record == nil {
            self.init(.ok, "\(use); another provisioner created it, so it has no record until it is archived")
        } else {
            let isBackedUp = hasHook && facts.requirement != .none
            self.init(.ok, isBackedUp ? "\(use); a hook backs it up when it is archived" : use)
        }
    }

    private init(retained requirement: BackupRequirement, _ what: String) {
        if requirement == .required {
            self.init(.missing, "\(what); it needs a backup, but no hook makes one")
        } else {
            self.init(.ok, what)
        }
    }
}

/// The verdict of a report on the backup of one volume or archive.
package enum BackupVerdict: String, Codable, CaseIterable, Sendable {
    /// Backed up, or nothing is to be done for it yet.
    case ok
    /// Working, but worth a look: such as a volume that needs a backup that no hook would make.
    case warning
    /// A hook failed, or the directory was removed by hand.
    case failed
    /// It needs a backup, and no hook has made one.
    case missing
    /// Something should have happened by now: an archive that stays unfinished, a purge that is due.
    case overdue
    /// It could not be judged.
    case unknown

    /// The verdicts by urgency, the most urgent first.
    static let byUrgency: [BackupVerdict] = [.failed, .missing, .overdue, .unknown, .warning, .ok]

    /// Its place in ``byUrgency``.
    var urgency: Int { Self.byUrgency.firstIndex(of: self) ?? Self.byUrgency.count }
}
