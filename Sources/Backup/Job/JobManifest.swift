import Kubernetes
import Provisioning

/// The Job for one attempt at a hook: the admin's template, and what the controller adds.
struct JobManifest: Sendable {
    let job: Job

    static let keyAnnotation = "nfs.smart-bear.eu/idempotency-key"

    /// - Parameters:
    ///   - hook: The template.
    ///   - facts: The facts that every container receives as environment variables.
    ///   - number: The attempt's number.
    ///   - timeout: How long the Job may run before the cluster ends it.
    ///   - namespace: The controller's own.
    init(_ hook: JobHook, _ facts: HookFacts, number: Int, timeout: Duration, namespace: String) {
        let labels = [
            "app.kubernetes.io/managed-by": "sb-nfs-provisioner",
            "nfs.smart-bear.eu/hook": facts.hook,
            "nfs.smart-bear.eu/phase": facts.event.phase.rawValue,
        ]
        var template = hook.spec["template"] ?? [:]
        template["metadata"] = Self.labelled(template["metadata"] ?? [:], labels)
        template["spec"] = Self.podSpec(template["spec"] ?? [:], hook, facts)
        var spec = hook.spec
        spec["template"] = template
        spec["backoffLimit"] = spec["backoffLimit"] ?? 0
        spec["ttlSecondsAfterFinished"] = spec["ttlSecondsAfterFinished"] ?? .integer(hook.ttlSecondsAfterFinished)
        spec["activeDeadlineSeconds"] = .integer(max(1, timeout.components.seconds))
        job = Job(
            metadata: ObjectMeta(
                name: Self.name(facts, number: number),
                namespace: namespace,
                labels: labels,
                annotations: [
                    Self.keyAnnotation: facts.idempotencyKey, "nfs.smart-bear.eu/volume": facts.event.volume,
                ]
            ),
            spec: spec
        )
    }

    /// The name of an attempt's Job, the same after a restart: the hook's name, 16 digits of the key, which stands for
    /// the event, and the attempt's number. It has at most 63 bytes, because the names and labels of pods contain it.
    static func name(_ facts: HookFacts, number: Int) -> String {
        let ending = "-\(facts.idempotencyKey.prefix(16))-\(number)"
        var name = facts.hook.prefix(63 - ending.utf8.count)
        while name.last == "-" { name.removeLast() }
        return name + ending
    }

    private static func labelled(_ metadata: JSONValue, _ labels: [String: String]) -> JSONValue {
        var metadata = metadata
        var all = metadata["labels"] ?? [:]
        for (name, value) in labels { all[name] = .string(value) }
        metadata["labels"] = all
        return metadata
    }

    private static func podSpec(_ template: JSONValue, _ hook: JobHook, _ facts: HookFacts) -> JSONValue {
        var spec = template
        spec["restartPolicy"] = spec["restartPolicy"] ?? "Never"
        let volume: JSONValue = [
            "name": .string(JobHook.volumeName),
            "nfs": [
                "server": .string(facts.event.export.server), "path": .string(facts.event.path),
                "readOnly": .bool(hook.readOnly),
            ],
        ]
        spec["volumes"] = .array((spec["volumes"]?.elements ?? []) + [volume])
        for field in ["initContainers", "containers"] {
            guard let containers = spec[field]?.elements else { continue }
            spec[field] = .array(containers.map { container($0, hook, facts) })
        }
        return spec
    }

    private static func container(_ template: JSONValue, _ hook: JobHook, _ facts: HookFacts) -> JSONValue {
        var container = template
        let mount: JSONValue = [
            "name": .string(JobHook.volumeName), "mountPath": .string(hook.mountPath), "readOnly": .bool(hook.readOnly),
        ]
        container["volumeMounts"] = .array((container["volumeMounts"]?.elements ?? []) + [mount])
        // First, so that the template's own variables and arguments may refer to them as $(SB_NFS_…).
        container["env"] = .array(environment(facts) + (container["env"]?.elements ?? []))
        return container
    }

    private static func environment(_ facts: HookFacts) -> [JSONValue] {
        facts.environment.sorted { $0.key < $1.key }.map { name, value in
            // kubelet expands $(NAME) in values and reads $$ as $; what a claim's author wrote must stay as it is.
            ["name": .string(name), "value": .string(value.replacing("$", with: "$$"))]
        }
    }
}
