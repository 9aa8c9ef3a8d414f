import Kubernetes
import Provisioning

extension BackupJudgement {
    /// - Parameters:
    ///   - facts: The volume.
    ///   - hasHook: Whether a hook would back it up when it is archived.
    ///   - sources: What else is known.
    init(of facts: VolumeFacts, hasHook: Bool, in sources: ReportSources) {
        if !facts.isShareSeen {
            self.init(.unknown, "the records of its share could not be read")
        } else if let flaw = facts.flaw {
            self.init(.unknown, flaw)
        } else if sources.isAhead(facts.times) {
            self.init(.unknown, "its record speaks of times that have not come yet: a clock jumped")
        } else if let failure = Self(failureOf: facts.record?.hooks) {
            self = failure
        } else if facts.volume == nil, let record = facts.record {
            self.init(absent: record, requirement: facts.requirement, in: sources)
        } else {
            self.init(inCluster: facts, hasHook: hasHook, in: sources)
        }
    }

    /// No volume in the cluster, as far as is known, goes with the record.
    private init(absent record: VolumeRecord, requirement: BackupRequirement, in sources: ReportSources) {
        let release = record.release
        if !sources.cluster.isOurs(record.cluster) {
            self.init(.unknown, "it is another cluster's volume, and that cluster was not asked")
        } else if release?.action == .retain {
            self.init(retained: requirement, "its directory was left where it is")
        } else if let release, release.action == .delete {
            self.init(underWay: "it is being deleted", for: sources.age(of: release.at))
        } else if let silence = sources.cluster.silence {
            self.init(.unknown, "\(silence), so it is not known whether it is in use")
        } else if sources.age(of: record.createdAt) <= Self.grace {
            self.init(.ok, "it is being made")
        } else {
            self.init(
                .warning,
                "it has a record and a directory, but no volume in the cluster, and was never released:"
                    + " archive verify says more"
            )
        }
    }

    private init(inCluster facts: VolumeFacts, hasHook: Bool, in sources: ReportSources) {
        let phase = facts.volume?.status?.phase
        switch phase {
        case .released? where facts.volume?.spec?.persistentVolumeReclaimPolicy != .delete:
            self.init(retained: facts.requirement, "its claim is gone, and its policy keeps its data")
        case .released?:
            if let since = facts.releasedAt {
                self.init(underWay: "it is released, and waits to be reclaimed", for: sources.age(of: since))
            } else {
                self.init(.warning, "it is released and waits to be reclaimed, and nothing says for how long")
            }
        case .failed?:
            let message = facts.volume?.status?.message.map { ": \($0)" } ?? ""
            self.init(.warning, "the cluster says that it has failed\(message)")
        default:
            self.init(ready: facts, hasHook: hasHook)
        }
    }

    private init(ready facts: VolumeFacts, hasHook: Bool) {
        let use = facts.volume?.status?.phase == .bound ? "in use" : "no claim has it yet"
        if facts.requirement == .required, !hasHook {
            self.init(.warning, "it needs a backup when it is archived, and no hook would make one")
        } else if facts.record == nil, facts.volume?.metadata.annotations?[AnnotationKey.share] != nil {
            self.init(.warning, "its record is not on the share")
        } else if facts.record == nil {
            self.init(.ok, "\(use); another provisioner made it, and it has no record until it is archived")
        } else {
            let isBackedUp = hasHook && facts.requirement != .none
            self.init(.ok, isBackedUp ? "\(use); a hook backs it up when it is archived" : use)
        }
    }

    private init(retained requirement: BackupRequirement, _ what: String) {
        if requirement == .required {
            self.init(.missing, "\(what); it needs a backup and no hook makes one of it")
        } else {
            self.init(.ok, what)
        }
    }
}
