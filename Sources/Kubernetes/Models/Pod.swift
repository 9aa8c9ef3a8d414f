/// Containers that run together (`v1`), modelled as far as needed to see how they ended.
package struct Pod: KubernetesObject {
    package static let resource = Resource(plural: "pods", kind: "Pod", namespaced: true)

    package var apiVersion: String?
    package var kind: String?
    package var metadata: ObjectMeta
    package var status: Status?

    package init(metadata: ObjectMeta, status: Status? = nil) {
        self.apiVersion = Self.resource.apiVersion
        self.kind = Self.resource.kind
        self.metadata = metadata
        self.status = status
    }

    /// The status of the containers.
    package struct Status: Codable, Hashable, Sendable {
        package var initContainerStatuses: [ContainerStatus]?
        package var containerStatuses: [ContainerStatus]?
    }

    /// The status of one container.
    package struct ContainerStatus: Codable, Hashable, Sendable {
        package var name: String
        package var state: State?
    }

    /// The state of a container; one field is set.
    package struct State: Codable, Hashable, Sendable {
        package var terminated: Terminated?
    }

    /// How a container ended.
    package struct Terminated: Codable, Hashable, Sendable {
        package var exitCode: Int
        /// One word, such as `OOMKilled`.
        package var reason: String?
    }
}
