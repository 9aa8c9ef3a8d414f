import Kubernetes

/// The claim that a record on the share speaks of.
package struct ClaimReference: Codable, Sendable, Hashable {
    package var namespace: String
    package var name: String
    package var uid: String

    package init?(_ reference: ObjectReference?) {
        guard let reference, let namespace = reference.namespace, let name = reference.name else { return nil }
        self.namespace = namespace
        self.name = name
        uid = reference.uid ?? ""
    }
}
