/// What people do with their claims and archives, by names of the model.
enum TortureOperation: Codable, Sendable, Hashable {
    case create(claim: String, kind: ClaimKind)
    /// A claim that is deleted as soon as it is there.
    case createAndDelete(claim: String, kind: ClaimKind)
    case release(claim: String)
    case expand(claim: String, gibibytes: Int)
    case restore(archive: String, claim: String, copies: Bool)
    case hold(archive: String)
    case releaseHold(archive: String)
    case purge(archive: String)
    // Of these, both sides act at the same time and only one may have its way.
    case holdAndPurge(archive: String)
    case restoreTwice(archive: String, claims: [String])

    var name: String {
        switch self {
        case .create: "create"
        case .createAndDelete: "createAndDelete"
        case .release: "release"
        case .expand: "expand"
        case .restore(_, _, let copies): copies ? "restoreByCopy" : "restoreByMove"
        case .hold: "hold"
        case .releaseHold: "releaseHold"
        case .purge: "purge"
        case .holdAndPurge: "holdAndPurge"
        case .restoreTwice: "restoreTwice"
        }
    }
}

/// A class of the test: where its volumes lie, and what becomes of them.
enum ClaimKind: String, CaseIterable, Codable, Sendable {
    case archived, deleted, retained, patterned, other, small

    var parameters: [String: String] {
        switch self {
        case .archived: [:]
        case .deleted: ["onDelete": "delete"]
        case .retained: ["onDelete": "retain"]
        case .patterned: ["pathPattern": "${.PVC.namespace}/team/${.PVC.name}"]
        case .other: [:]
        case .small: [:]
        }
    }

    var share: TortureShare {
        switch self {
        case .archived, .deleted, .retained, .patterned: .first
        case .other: .other
        case .small: .small
        }
    }

    /// What becomes of a released volume.
    var end: End {
        switch self {
        case .deleted: .deleted
        case .retained: .retained
        case .archived, .patterned, .other, .small: .archived
        }
    }

    enum End: Sendable {
        case archived, deleted, retained
    }
}

enum TortureShare: String, CaseIterable, Codable, Sendable {
    case first, other, small
}
