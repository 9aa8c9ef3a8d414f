import Kubernetes

/// A Kubernetes Job in the controller's own namespace.
package struct JobHook: Hashable, Sendable {
    /// A Job's `spec`, checked when the configuration was read: it has a pod template with a container.
    package var spec: JSONValue
    /// Where every container finds the volume or archive.
    package var mountPath = "/data"
    package var readOnly = true
    /// How long the Job is kept after its end, in seconds, where the template does not say.
    package var ttlSecondsAfterFinished: Int64 = 3600

    package init(spec: JSONValue) {
        self.spec = spec
    }

    /// The name of the volume that is added to the pod.
    static let volumeName = "sb-nfs-volume"
}
