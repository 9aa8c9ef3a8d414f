import Kubernetes
import Yams

extension NodeReader {
    mutating func jobHook(_ node: Node, _ hook: String) -> JobHook? {
        let keys = ["spec", "template", "mountPath", "readOnly", "ttlSecondsAfterFinished"]
        guard let fields = fields(node, "job of \(hook)", keys: keys) else { return nil }
        let spec: JSONValue?
        switch (fields["spec"], fields["template"]) {
        case (let node?, nil): spec = json(node)
        case (nil, let node?): spec = ["template": json(node)]
        default:
            note(node, "\(fields.what) needs either spec, a Job's, or template, a pod's")
            return nil
        }
        guard let spec else { return nil }
        var job = JobHook(spec: spec)
        job.mountPath =
            value(fields, "mountPath", expected: "use an absolute path other than /") { text in
                text.hasPrefix("/") && text != "/" && !text.contains(":") ? text : nil
            } ?? job.mountPath
        job.readOnly = flag(fields, "readOnly") ?? job.readOnly
        job.ttlSecondsAfterFinished =
            value(fields, "ttlSecondsAfterFinished", expected: "use a number of seconds") { text in
                Int64(text).flatMap { $0 >= 0 ? $0 : nil }
            } ?? job.ttlSecondsAfterFinished
        check(job, fields)
        return job
    }

    /// What the API server would refuse, or what gets in the way of what the controller adds; told before there is need.
    private mutating func check(_ job: JobHook, _ fields: NodeFields) {
        let node = fields["spec"] ?? fields["template"] ?? fields.node
        if job.spec["activeDeadlineSeconds"] != nil {
            note(node, "\(fields.what) sets activeDeadlineSeconds: use the hook's timeout")
        }
        guard let pod = job.spec["template"]?["spec"], let containers = pod["containers"]?.elements, !containers.isEmpty
        else { return note(node, "\(fields.what) has no list template.spec.containers with a container in it") }
        if let policy = pod["restartPolicy"], policy != "Never", policy != "OnFailure" {
            note(node, "\(fields.what) sets a restartPolicy other than Never and OnFailure, which no Job may have")
        }
        if (pod["volumes"]?.elements ?? []).contains(where: { $0["name"]?.text == JobHook.volumeName }) {
            note(node, "\(fields.what) has a volume \(JobHook.volumeName), which is the controller's to add")
        }
        for container in containers + (pod["initContainers"]?.elements ?? []) {
            guard let name = container["name"]?.text, container["image"]?.text != nil else {
                note(node, "\(fields.what) has a container without name or image")
                continue
            }
            let mounts = container["volumeMounts"]?.elements ?? []
            if mounts.contains(where: { $0["mountPath"]?.text == job.mountPath }) {
                note(node, "container \(name) of \(fields.what) has a mount at \(job.mountPath): set another mountPath")
            }
        }
    }

    /// Any YAML as JSON, as kubectl reads it.
    mutating func json(_ node: Node) -> JSONValue {
        if let mapping = node.mapping {
            var fields: [String: JSONValue] = [:]
            for (key, value) in mapping {
                guard let name = key.scalar?.string else {
                    note(key, "a key is no text")
                    continue
                }
                fields[name] = json(value)
            }
            return .object(fields)
        }
        if let sequence = node.sequence { return .array(sequence.map { json($0) }) }
        guard let scalar = node.scalar else {
            note(node, "a value is neither text, number, list nor mapping")
            return .null
        }
        return switch node.tag.rawValue {
        case Tag.Name.null.rawValue: .null
        case Tag.Name.bool.rawValue: node.bool.map { .bool($0) } ?? .string(scalar.string)
        case Tag.Name.int.rawValue: node.int.map { .integer(Int64($0)) } ?? .string(scalar.string)
        case Tag.Name.float.rawValue: node.float.flatMap { $0.isFinite ? .number($0) : nil } ?? .string(scalar.string)
        default: .string(scalar.string)
        }
    }
}
