import Foundation
import Kubernetes
import Provisioning

/// The API server's answers about everything that the controller needs from it.
struct ClusterObservation {
    /// The API server's address.
    let server: String
    let namespace: String
    /// Whether it is the controller's own pod that asks.
    let isInPod: Bool
    let version: ServerVersion
    /// The user that the doctor runs as; nil if unknown.
    let user: String?
    let classes: Result<[StorageClass], any Error>
    let volumes: Result<[PersistentVolume], any Error>
    let access: [AccessObservation]
    /// Our own lease; a success with nil if there is none.
    let lease: Result<Lease?, KubernetesError>
    let locks: Result<[ForeignLock], KubernetesError>
}

extension ClusterObservation {
    /// Sends all requests at the same time, once the API server has answered the first.
    ///
    /// - Throws: `KubernetesError` if it does not answer that one.
    init(
        of cluster: ClusterConfiguration,
        _ configuration: ControllerConfiguration,
        _ client: KubernetesClient
    ) async throws(KubernetesError) {
        let settings = configuration.settings
        server = cluster.server
        version = try await client.serverVersion()
        let lockName = ProvisionerSettings.lockName(of: settings.provisionerName)
        isInPod = configuration.namespace != nil
        let found = isInPod ? nil : await Self.namespace(ofLease: lockName, client)
        let namespace = configuration.namespace ?? found ?? cluster.namespace ?? "default"
        self.namespace = namespace
        let ownLease = ObjectKey(namespace: namespace, name: lockName)
        async let user = Self.user(cluster, client)
        async let classes: Result<[StorageClass], any Error> = Self.all(client)
        async let volumes: Result<[PersistentVolume], any Error> = Self.all(client)
        async let lease = Self.lease(ownLease, client)
        async let locks = Self.locks(settings.lockNames, but: ownLease, client)
        async let access = Self.access(configuration, namespace: namespace, client)
        self.user = await user
        self.classes = await classes
        self.volumes = await volumes
        self.lease = await lease
        self.locks = await locks
        self.access = await access
    }

    /// Outside a pod, nothing but its Lease says where the controller runs: the one that was renewed last.
    private static func namespace(ofLease name: String, _ client: KubernetesClient) async -> String? {
        let leases = try? await client.api(Lease.self).page(limit: nil, fieldSelector: "metadata.name=\(name)").items
        func renewed(_ lease: Lease) -> Date { lease.spec?.renewTime?.date ?? .distantPast }
        return leases?.max { renewed($0) < renewed($1) }?.metadata.namespace
    }

    private static func user(_ cluster: ClusterConfiguration, _ client: KubernetesClient) async -> String? {
        let answer = try? await client.api(SelfSubjectReview.self).create(SelfSubjectReview())
        // Before Kubernetes 1.28 only the token says who the user is.
        return answer?.status?.userInfo?.username ?? cluster.tokenSubject
    }

    private static func all<Object: KubernetesObject>(_ client: KubernetesClient) async -> Result<[Object], any Error> {
        do { return .success(try await client.api().all()) } catch { return .failure(error) }
    }

    private static func lease(_ key: ObjectKey, _ client: KubernetesClient) async -> Result<Lease?, KubernetesError> {
        do throws(KubernetesError) {
            return .success(try await client.api(Lease.self).get(key))
        } catch {
            return error.code == .notFound ? .success(nil) : .failure(error)
        }
    }

    private static func locks(
        _ names: [String],
        but ownLease: ObjectKey,
        _ client: KubernetesClient
    ) async -> Result<[ForeignLock], KubernetesError> {
        var locks: [ForeignLock] = []
        do throws(KubernetesError) {
            for name in names { locks += try await ForeignLock.all(named: name, but: ownLease, client) }
            return .success(locks)
        } catch {
            return .failure(error)
        }
    }

    private static func access(
        _ configuration: ControllerConfiguration,
        namespace: String,
        _ client: KubernetesClient
    ) async -> [AccessObservation] {
        let needed = RequiredAccess.all.filter { $0.isNeeded(by: configuration) }
        return await withTaskGroup(of: (Int, AccessObservation).self) { group in
            for (index, access) in needed.enumerated() {
                group.addTask { (index, await AccessObservation.look(at: access, namespace: namespace, client)) }
            }
            var sights: [(Int, AccessObservation)] = []
            for await sight in group { sights.append(sight) }
            return sights.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }
}

/// The verbs of a required access that the current user lacks.
struct AccessObservation {
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
                "may not \(missing.joined(separator: ", ")) \(what): needed so that \(access.purpose)",
                remedy: "kubectl apply -k \(manifests), or add it to the roles of the controller's ServiceAccount"
            )
        case .failure(let error):
            return .skipped(.right, of: what, "not checked whether it may \(verbs) \(what): \(error)")
        }
    }
}

extension AccessObservation {
    /// Asks the API server about each verb.
    static func look(
        at access: RequiredAccess,
        namespace: String,
        _ client: KubernetesClient
    ) async -> AccessObservation {
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
            return AccessObservation(access: access, missing: .success(missing))
        } catch {
            return AccessObservation(access: access, missing: .failure(error))
        }
    }
}
