import Kubernetes
import Settings

/// A hook that runs a Kubernetes Job in the controller's own namespace.
package struct JobHook: Hashable, Sendable {
    /// A Job's `spec`, checked when the configuration was read: it has a pod template with a container.
    package var spec: JSONValue
    /// The path at which every container mounts the volume or archive.
    package var mountPath = "/data"
    package var readOnly = true
    /// How long the Job is kept after its end, in seconds, unless the template says otherwise.
    package var ttlSecondsAfterFinished: Int64 = 3600

    package init(spec: JSONValue) {
        self.spec = spec
    }

    /// The name of the volume that is added to the pod.
    static let volumeName = "sb-nfs-volume"
}

extension JobHook {
    /// - Returns: nil, with a mistake noted, if it has no template.
    init?(_ part: SectionPart, reader: inout SectionReader) {
        let keys = ["spec", "template", "mountPath", "readOnly", "ttlSecondsAfterFinished"]
        guard let parts = reader.mapping(part, keys: keys) else { return nil }
        let template: SectionPart
        switch (parts["spec"], parts["template"]) {
        case (let part?, nil):
            template = part
            self.init(spec: reader.json(part))
        case (nil, let part?):
            template = part
            self.init(spec: ["template": reader.json(part)])
        default:
            reader.note(
                part,
                "has \(parts["spec"] == nil ? "neither" : "both") of spec (a Job's) and template (a pod's): use one"
            )
            return nil
        }
        let expected = "use an absolute path other than / without a colon"
        mountPath = reader.value(parts["mountPath"], expected: expected, Self.mountPath) ?? mountPath
        readOnly = reader.flag(parts["readOnly"]) ?? readOnly
        if let seconds = reader.number(parts["ttlSecondsAfterFinished"], in: 0...Int(Int32.max)) {
            ttlSecondsAfterFinished = Int64(seconds)
        }
        check(template, &reader)
    }

    private static func mountPath(_ text: String) -> String? {
        text.hasPrefix("/") && text != "/" && !text.contains(":") ? text : nil
    }

    /// Notes early what the API server would refuse, and what conflicts with the controller's additions.
    private func check(_ template: SectionPart, _ reader: inout SectionReader) {
        if spec["activeDeadlineSeconds"] != nil {
            reader.note(template, "sets activeDeadlineSeconds: use the hook's timeout")
        }
        guard let pod = spec["template"]?["spec"], let containers = pod["containers"]?.elements, !containers.isEmpty
        else { return reader.note(template, "has no containers in its pod's spec: list at least one") }
        if let policy = pod["restartPolicy"], policy != "Never", policy != "OnFailure" {
            reader.note(template, "sets a restartPolicy that Jobs do not allow: use Never or OnFailure")
        }
        if (pod["volumes"]?.elements ?? []).contains(where: { $0["name"]?.text == Self.volumeName }) {
            reader.note(template, "has a volume \(Self.volumeName), a name that the controller uses: rename it")
        }
        for container in containers + (pod["initContainers"]?.elements ?? []) {
            guard let name = container["name"]?.text, container["image"]?.text != nil else {
                reader.note(template, "has a container without name or image: give it both")
                continue
            }
            let mounts = container["volumeMounts"]?.elements ?? []
            if mounts.contains(where: { $0["mountPath"]?.text == mountPath }) {
                reader.note(template, "has a container \(name) with a mount at \(mountPath): set another mountPath")
            }
        }
    }
}
