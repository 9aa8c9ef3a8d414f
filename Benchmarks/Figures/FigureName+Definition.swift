extension FigureName {
    /// What is measured, in which unit, and what it has to be; figures without a target are there to compare with.
    ///
    /// - Parameter size: How much of everything was measured.
    /// - Returns: For people.
    func definition(at size: BenchSize) -> (what: String, unit: String, target: Target?) {
        let (claims, tree) = (size.claims, "\(size.treeFolders * size.filesPerFolder) files")
        let (many, oneByOne) = (size.steps.last ?? 0, "with one call in flight")
        switch self {
        case .singleMedian: return ("one claim on an idle controller: created → its volume exists", "ms", .below(30))
        case .singleWorst: return ("the same, 99th percentile of \(size.singles)", "ms", .below(100))
        case .singleFloor: return ("the same without storage work, median", "ms", nil)
        case .backlog: return ("\(claims) claims waiting at the start, until all volumes exist", "/s", .atLeast(150))
        case .backlogFloor: return ("the same without storage work", "/s", nil)
        case .backlogRatio: return ("share of the rate without storage work", "%", .atLeast(80))
        case .claimRequests: return ("API requests per claim provisioned, events included", "", .atMost(4))
        case .claimCPU: return ("processor time of the controller per claim provisioned", "ms", nil)
        case .claimCPUFloor: return ("the same for the floor", "ms", nil)
        case .archive:
            return ("\(claims) volumes released before the start, until all are archived and gone", "/s", nil)
        case .archiveFloor: return ("the same without storage work", "/s", nil)
        case .archiveRatio: return ("share of the rate without storage work", "%", .atLeast(70))
        case .archiveRequests: return ("API requests per volume archived, events included", "", .atMost(4))
        case .archiveCPU: return ("processor time of the controller per volume archived", "ms", nil)
        case .archiveCPUFloor: return ("the same for the floor", "ms", nil)
        case .burst: return ("\(claims) claims created at the same time, until all are Bound", "s", nil)
        case .burstFloor: return ("the same without storage work", "s", nil)
        case .burstRatio: return ("times as long as without storage work", "×", .atMost(1.25))
        case .delete: return ("\(claims) empty volumes released, until all are deleted and gone", "/s", nil)
        case .deleteFloor: return ("the same without storage work", "/s", nil)
        case .deleteRatio: return ("share of the rate without storage work", "%", .atLeast(60))
        case .deleteRequests: return ("API requests per volume deleted, events included", "", .atMost(4))
        case .removalFar: return ("removal of a tree of \(tree) at 1 ms of round trip", "files/s", nil)
        case .removalFarSingle: return ("the same for a part of the tree, \(oneByOne)", "files/s", nil)
        case .removalFarRatio: return ("speedup over one call in flight", "×", .atLeast(20))
        case .removalNear: return ("removal of the tree on the loopback", "files/s", nil)
        case .removalNearSingle: return ("the same for a part of the tree, \(oneByOne)", "files/s", nil)
        case .removalNearRatio: return ("speedup over one call in flight", "×", .atLeast(3))
        case .walkNear:
            return ("usage walk of the tree on the loopback: the limit of client and server", "files/s", nil)
        case .walkFar: return ("usage walk of the tree at 1 ms of round trip", "files/s", nil)
        case .walkFarSingle: return ("the same \(oneByOne)", "files/s", nil)
        case .walkFarRatio: return ("speedup over one call in flight", "×", .atLeast(20))
        case .start: return ("start to ready with \(many) volumes and claims", "s", .below(3))
        case .memory: return ("resident memory with them", "MB", .below(100))
        case .memoryPeak: return ("peak resident memory since the start", "MB", nil)
        case .memoryGrowth:
            return ("growth of resident memory from the first relist to the last of \(size.relists)", "MB", .atMost(0))
        case .idle: return ("processor time while idle with them", "% of a core", .below(1))
        case .idleShareCalls: return ("NFS calls while idle, without those of the health check", "/min", .atMost(0))
        case .idleHealthCalls: return ("NFS calls of the health check while idle", "/min", nil)
        case .idleRequests: return ("API requests while idle (the lease)", "/min", nil)
        case .provisionGrowth:
            let before = size.steps.dropLast().last ?? 0
            return ("processor time per claim: \(many) claims compared with \(before)", "×", .atMost(1.1))
        case .releaseGrowth:
            let steps = size.releasesLargestStep ? size.steps : size.steps.dropLast()
            let (last, before) = (steps.last ?? 0, steps.dropLast().last ?? 0)
            return ("processor time per volume released: \(last) volumes compared with \(before)", "×", .atMost(1.1))
        case .crowd:
            let what = "one claim while \(many) of another namespace wait, from its provisioning request to its volume"
            return ("\(what): the longest of \(size.bystanders)", "ms", .below(1000))
        case .crowdWhole:
            return ("the same from its creation, including the queue of the cluster's own controller", "ms", nil)
        case .purge: return ("one claim while retention purges the tree: the longest", "ms", .below(1000))
        case .walk: return ("one claim while the tree is measured repeatedly: the longest", "ms", .below(1000))
        case .report: return ("report backups over \(size.records) records", "s", .below(3))
        case .reportMemory: return ("peak memory of that", "MB", .below(150))
        case .largeReport: return ("report backups over \(size.manyRecords) records", "s", nil)
        case .largeReportMemory: return ("peak memory of that", "MB", nil)
        }
    }
}
