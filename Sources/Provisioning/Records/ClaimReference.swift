import Kubernetes

/// The claim that a record on the share speaks of.
package struct ClaimReference: Codable, Sendable, Hashable {
    package var namespace: String
    package var name: String
    package var uid: String

    init(_ claim: HookEvent.Claim) {
        namespace = claim.namespace
        name = claim.name
        uid = claim.uid
    }

    package init?(_ reference: ObjectReference?) {
        guard let reference, let namespace = reference.namespace, let name = reference.name else { return nil }
        self.namespace = namespace
        self.name = name
        uid = reference.uid ?? ""
    }
}
