/// What is done to the controller, and to what it needs, while it works.
enum TortureFault: String, CaseIterable, Codable, Sendable {
    // The controller itself.
    case killed, killedAtStep, suspendedPastLease, twoWithoutElection, clockJumped, clocksApart
    // Its credentials.
    case tokenRotated, certificateChanged
    // The cluster. Those from `apiBusy` on come from a fake in front of the real API server.
    case etcdRestarted, apiServerRestarted, controllerManagerAway
    case apiBusy, apiFailing, apiConflicting, apiExpired, apiSlow, apiSilent, apiUnreachable, watchesCut, oldLists
    // The NFS server.
    case nfsRestarted, nfsHung, exportReadOnly, exportSquashed, exportSwapped, exportWithdrawn
    case nfsSlow, nfsCut, nameUnknown, handlesStale, exportFull, exportWithoutInodes

    /// What it acts on: of two faults at the same time each acts on another.
    enum Subject: Hashable {
        case controller, way, api, cluster, server, smallShare
    }

    var subjects: Set<Subject> {
        switch self {
        case .killed, .killedAtStep, .suspendedPastLease, .twoWithoutElection, .clockJumped, .clocksApart: [.controller]
        case .tokenRotated, .certificateChanged, .watchesCut: [.api]
        case .apiBusy, .apiFailing, .apiConflicting, .apiExpired, .apiSlow, .apiSilent, .apiUnreachable: [.api]
        // Lists are asked for by a controller that starts.
        case .oldLists: [.api, .controller]
        case .etcdRestarted, .apiServerRestarted, .controllerManagerAway: [.cluster]
        case .nfsRestarted, .nfsHung, .exportReadOnly, .exportSquashed, .exportSwapped: [.server]
        case .exportWithdrawn, .handlesStale: [.server]
        case .nfsSlow, .nfsCut, .nameUnknown: [.way]
        case .exportFull, .exportWithoutInodes: [.smallShare]
        }
    }

    /// Whether what is recorded meanwhile may have wrong times.
    var movesClock: Bool { self == .clockJumped || self == .clocksApart }

    /// A fault with what the seed has chosen for it.
    struct Injection: Codable, Sendable, Hashable {
        var fault: TortureFault
        /// For how long, in tenths of a second.
        var tenths: Int
        /// Which of several ways.
        var variant: Int
    }
}
