import Kubernetes

/// Waits until a claim is bound, and tells what its events say meanwhile.
struct BindingWatch {
    let claim: PersistentVolumeClaim
    let client: KubernetesClient

    /// - Returns: The volume's name.
    /// - Throws: ``ConfigurationError`` if the claim goes away, and `KubernetesError`.
    func volume(_ progress: Progress) async throws -> String {
        var told: [String: Int] = [:]
        while true {
            let current = try await client.api(PersistentVolumeClaim.self).get(claim.key)
            guard current.metadata.uid == claim.metadata.uid, current.metadata.deletionTimestamp == nil else {
                throw ConfigurationError("claim \(claim.key) was deleted before it was bound")
            }
            if current.status?.phase == .bound { return current.spec?.volumeName ?? "" }
            for event in try await events() where told[event.message ?? ""] != event.count ?? 1 {
                told[event.message ?? ""] = event.count ?? 1
                tell(event, progress)
            }
            try await Task.sleep(for: .seconds(1))
        }
    }

    private func events() async throws(KubernetesError) -> [Event] {
        let selector = "involvedObject.uid=\(claim.metadata.uid ?? "")"
        return try await client.api(Event.self)
            .page(limit: nil, namespace: claim.metadata.namespace, fieldSelector: selector).items
    }

    /// How far a copy is is written over; what is wrong stays to be read.
    private func tell(_ event: Event, _ progress: Progress) {
        let message = event.message ?? ""
        if event.type == .warning {
            progress.end()
            print(message)
        } else {
            progress.show(message)
        }
    }
}
