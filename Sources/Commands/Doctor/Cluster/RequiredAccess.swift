import Backup
import Provisioning

/// An access right that the controller needs. The table equals what `manifests` allow; a test compares them.
struct RequiredAccess: Hashable {
    enum Scope: Hashable {
        case cluster
        /// The namespace that the controller runs in.
        case ownNamespace
        /// Only this object.
        case object(String)
    }

    /// When it is needed.
    enum Need: Hashable {
        case always, leaderElection, topology, jobHooks, reports
    }

    let group: String
    /// The resource, with a subresource after a slash.
    let resource: String
    let verbs: [String]
    var scope = Scope.cluster
    var need = Need.always
    /// What does not work without it.
    let purpose: String

    static let all = [
        RequiredAccess(
            group: "",
            resource: "persistentvolumes",
            verbs: ["get", "list", "watch", "create", "patch", "delete"],
            purpose: "volumes are created and reclaimed"
        ),
        RequiredAccess(
            group: "",
            resource: "persistentvolumeclaims",
            verbs: ["get", "list", "watch", "patch"],
            purpose: "claims are served"
        ),
        RequiredAccess(
            group: "",
            resource: "persistentvolumeclaims/status",
            verbs: ["patch"],
            purpose: "claims grow"
        ),
        RequiredAccess(
            group: "storage.k8s.io",
            resource: "storageclasses",
            verbs: ["list", "watch"],
            purpose: "classes are read"
        ),
        RequiredAccess(group: "", resource: "events", verbs: ["create", "patch"], purpose: "tenants get events"),
        RequiredAccess(
            group: "",
            resource: "endpoints",
            verbs: ["list"],
            purpose: "another provisioner of the same name is detected"
        ),
        RequiredAccess(
            group: "coordination.k8s.io",
            resource: "leases",
            verbs: ["list"],
            purpose: "another provisioner of the same name is detected"
        ),
        RequiredAccess(
            group: "",
            resource: "namespaces",
            verbs: ["get"],
            scope: .object("kube-system"),
            purpose: "records name their cluster"
        ),
        RequiredAccess(
            group: "",
            resource: "nodes",
            verbs: ["get"],
            need: .topology,
            purpose: "the controller can choose exports that a pod's node can reach"
        ),
        RequiredAccess(
            group: "coordination.k8s.io",
            resource: "leases",
            verbs: ["get", "create", "patch"],
            scope: .ownNamespace,
            need: .leaderElection,
            purpose: "replicas elect a leader"
        ),
        RequiredAccess(
            group: "batch",
            resource: "jobs",
            verbs: ["get", "create"],
            scope: .ownNamespace,
            need: .jobHooks,
            purpose: "hooks run as Jobs"
        ),
        RequiredAccess(
            group: "",
            resource: "pods",
            verbs: ["list"],
            scope: .ownNamespace,
            need: .jobHooks,
            purpose: "the result of a hook's Job is recorded"
        ),
        RequiredAccess(
            group: "",
            resource: "pods/log",
            verbs: ["get"],
            scope: .ownNamespace,
            need: .jobHooks,
            purpose: "the output of a hook's Job is kept"
        ),
        RequiredAccess(
            group: "authentication.k8s.io",
            resource: "tokenreviews",
            verbs: ["create"],
            need: .reports,
            purpose: "the report page can identify its users"
        ),
        RequiredAccess(
            group: "authorization.k8s.io",
            resource: "subjectaccessreviews",
            verbs: ["create"],
            need: .reports,
            purpose: "the report page shows users only what they may see"
        ),
    ]

    func isNeeded(by configuration: ControllerConfiguration) -> Bool {
        switch need {
        case .always: true
        case .leaderElection: configuration.electsLeader
        case .topology: !configuration.settings.topologies.isEmpty
        case .jobHooks: configuration.hooks.contains { $0.action.kind == .job }
        case .reports: configuration.reports != nil
        }
    }

    /// The access for messages: `leases.coordination.k8s.io in the namespace storage`.
    func description(namespace: String) -> String {
        let parts = resource.split(separator: "/", maxSplits: 1)
        var text = String(parts[0]) + (group.isEmpty ? "" : ".\(group)")
        if parts.count == 2 { text += "/\(parts[1])" }
        switch scope {
        case .cluster: return text
        case .ownNamespace: return "\(text) in the namespace \(namespace)"
        case .object(let name): return "\(text) \(name)"
        }
    }
}
