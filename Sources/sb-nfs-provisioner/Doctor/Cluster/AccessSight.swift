import Kubernetes

/// Which verbs of something that the controller needs are not allowed to whoever asks.
struct AccessSight {
    let access: RequiredAccess
    let missing: Result<[String], KubernetesError>

    func check(namespace: String) -> Check {
        let what = access.description(namespace: namespace)
        let verbs = access.verbs.joined(separator: ", ")
        switch missing {
        case .success([]):
            return .ok(.right, of: what, "may \(verbs) \(what)")
        case .success(let missing):
            let manifests = access.need == .reports ? "manifests/reports" : "manifests/base"
            return .failed(
                .right,
                of: what,
                "may not \(missing.joined(separator: ", ")) \(what): that is how \(access.purpose)",
                remedy: "kubectl apply -k \(manifests), or add it to the roles of the controller's ServiceAccount"
            )
        case .failure(let error):
            return .skipped(.right, of: what, "whether it may \(verbs) \(what) is not known: \(error)")
        }
    }
}

extension AccessSight {
    /// Asks the API server for each verb.
    static func look(
        at access: RequiredAccess,
        namespace: String,
        _ client: KubernetesClient
    ) async -> AccessSight {
        let parts = access.resource.split(separator: "/", maxSplits: 1).map(String.init)
        let name: String? = if case .object(let name) = access.scope { name } else { nil }
        var missing: [String] = []
        do throws(KubernetesError) {
            for verb in access.verbs {
                let review = SelfSubjectAccessReview(
                    verb: verb,
                    group: access.group,
                    resource: parts[0],
                    subresource: parts.count == 2 ? parts[1] : nil,
                    name: name,
                    namespace: access.scope == .ownNamespace ? namespace : nil
                )
                let status = try await client.api().create(review).status
                if status?.allowed != true || status?.denied == true { missing.append(verb) }
            }
            return AccessSight(access: access, missing: .success(missing))
        } catch {
            return AccessSight(access: access, missing: .failure(error))
        }
    }
}
