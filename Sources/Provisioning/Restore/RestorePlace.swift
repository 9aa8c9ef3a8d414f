import Kubernetes
import NFS

/// Where a restored directory goes.
struct RestorePlace {
    let plan: ProvisioningPlan
    let parent: FileHandle
    let basename: NFSName
}

extension ArchiveRecord.Restore {
    /// The restore of a plan, as it begins.
    init(_ plan: ProvisioningPlan) {
        self.init(
            volume: plan.volumeName,
            claim: ClaimReference(plan.claim),
            path: plan.path.description,
            requestedAt: .now
        )
    }
}
