import Kubernetes

/// Labels and annotations of a claim, kept because the claim is gone when its volume is released.
package struct ClaimNotes: Codable, Sendable, Hashable {
    package var labels: [String: String]
    /// The annotations, without those that Kubernetes itself and its tools write.
    package var annotations: [String: String]

    package init(labels: [String: String] = [:], annotations: [String: String] = [:]) {
        self.labels = labels
        self.annotations = annotations
    }

    package init(_ claim: ObjectMeta) {
        labels = claim.labels ?? [:]
        annotations = (claim.annotations ?? [:]).filter { !Self.isKubernetes($0.key) }
    }

    /// These notes, with the claim's requests as the volume carries them now.
    package func updated(from volume: PersistentVolume) -> ClaimNotes {
        let requests = RetentionRequest.all(in: volume.metadata)
        return ClaimNotes(
            labels: labels,
            annotations: annotations.filter { !RetentionRequest.keys.contains($0.key) }.merging(requests) { $1 }
        )
    }

    /// Annotations that say what is to become of the claim's archive.
    package var requests: [String: String] { annotations.filter { RetentionRequest.keys.contains($0.key) } }

    private static func isKubernetes(_ key: String) -> Bool {
        let prefix = key.split(separator: "/").first ?? ""
        return key.contains("/") && ["kubernetes.io", "k8s.io"].contains { prefix == $0 || prefix.hasSuffix("." + $0) }
    }
}

/// Claim that a record on the share refers to.
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
