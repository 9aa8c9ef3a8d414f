import Provisioning

/// What people do with their claims and archives, by names of the model.
enum TortureOperation: Codable, Sendable, Hashable {
    case create(claim: String, kind: ClaimKind)
    /// A claim that is deleted as soon as it is there.
    case createAndDelete(claim: String, kind: ClaimKind)
    case release(claim: String)
    /// An archive that is purged as soon as it may be, or else a copy of it is there.
    case releaseAndPurge(claim: String)
    /// The archive expires within seconds: the hold may come too late.
    case releaseAndHold(claim: String)
    /// The same; a claim has requested the archive before it exists.
    case releaseAndRestore(claim: String, into: String)
    case expand(claim: String, gibibytes: Int)
    case restore(archive: String, claim: String, copies: Bool)
    case hold(archive: String)
    case releaseHold(archive: String)
    case purge(archive: String)
    /// What was purged or deleted becomes an archive again.
    case restoreCopy(archive: String)
    // In these, both sides act at the same time, and only one may succeed.
    case holdAndPurge(archive: String)
    case restoreTwice(archive: String, claims: [String])
    /// The same in two clusters, whose classes give their claims one path.
    case contend(TortureContest)
    // What an admin does by hand.
    /// The archive's directory leaves the share, and comes back.
    case moveAwayAndBack(archive: String)
    /// A bound volume's policy becomes Retain, and Delete again.
    case patchPolicy(claim: String)
    /// The same for a volume that is released meanwhile.
    case releaseWhileRetained(claim: String)
    /// A volume that was released under Retain is given to another claim.
    case bindAgain(claim: String, to: String)
    case recreateClass(kind: ClaimKind)
    /// The archive's directory is removed, and a claim's made; then the archive comes back from its copy.
    case removeArchive(archive: String, claim: String)

    var name: String {
        switch self {
        case .create: "create"
        case .createAndDelete: "createAndDelete"
        case .release: "release"
        case .releaseAndPurge: "releaseAndPurge"
        case .releaseAndHold: "releaseAndHold"
        case .releaseAndRestore: "releaseAndRestore"
        case .expand: "expand"
        case .restore(_, _, let copies): copies ? "restoreByCopy" : "restoreByMove"
        case .hold: "hold"
        case .releaseHold: "releaseHold"
        case .purge: "purge"
        case .restoreCopy: "restoreCopy"
        case .holdAndPurge: "holdAndPurge"
        case .restoreTwice: "restoreTwice"
        case .contend: "contend"
        case .moveAwayAndBack: "moveAwayAndBack"
        case .patchPolicy: "patchPolicy"
        case .releaseWhileRetained: "releaseWhileRetained"
        case .bindAgain: "bindAgain"
        case .recreateClass: "recreateClass"
        case .removeArchive: "removeArchive"
        }
    }
}

/// A class of the test: where its volumes lie, and what becomes of them.
enum ClaimKind: String, CaseIterable, Codable, Sendable {
    case archived, deleted, retained, patterned, other, small
    /// Copied by a hook before and after they become archives, and before they are deleted.
    case copied, copiedLater = "copied-later", copiedAtEnd = "copied-at-end"
    /// Copied, and purged by retention, within seconds.
    case expiring
    /// Another cluster's claims may have the same path.
    case contended

    /// What claims are made of anywhere.
    static let ordinary = allCases.filter { $0 != .contended }

    var parameters: [String: String] {
        switch self {
        case .archived, .expiring: [:]
        case .copied, .copiedLater: ["backup": "required"]
        case .deleted, .copiedAtEnd: ["onDelete": "delete"]
        case .retained: ["onDelete": "retain"]
        case .patterned: ["pathPattern": "${.PVC.namespace}/team/${.PVC.name}"]
        case .contended: ["pathPattern": "\(TortureContest.folder)/${.PVC.name}"]
        case .other: [:]
        case .small: [:]
        }
    }

    var share: TortureShare {
        switch self {
        case .archived, .deleted, .retained, .patterned, .copied, .copiedLater, .copiedAtEnd, .expiring, .contended:
            .first
        case .other: .other
        case .small: .small
        }
    }

    /// What becomes of a released volume.
    var end: End {
        switch self {
        case .deleted, .copiedAtEnd: .deleted
        case .retained: .retained
        case .archived, .patterned, .other, .small, .copied, .copiedLater, .expiring, .contended: .archived
        }
    }

    /// The phase in which a hook copies it.
    var copyPhase: HookPhase? {
        switch self {
        case .copied: .beforeArchive
        case .copiedLater: .afterArchive
        case .copiedAtEnd, .expiring: .beforePurge
        case .archived, .deleted, .retained, .patterned, .other, .small, .contended: nil
        }
    }

    enum End: Sendable {
        case archived, deleted, retained
    }
}

enum TortureShare: String, CaseIterable, Codable, Sendable {
    case first, other, small
}
