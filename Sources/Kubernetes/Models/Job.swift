/// Work that runs to completion (`batch/v1`).
package struct Job: KubernetesObject {
    package static let resource = Resource(group: "batch", plural: "jobs", kind: "Job", namespaced: true)

    package var apiVersion: String?
    package var kind: String?
    package var metadata: ObjectMeta
    /// Not modelled: it comes from an admin's template.
    package var spec: JSONValue?
    package var status: Status?

    package init(metadata: ObjectMeta, spec: JSONValue? = nil, status: Status? = nil) {
        self.apiVersion = Self.resource.apiVersion
        self.kind = Self.resource.kind
        self.metadata = metadata
        self.spec = spec
        self.status = status
    }

    /// The progress of the job.
    package struct Status: Codable, Hashable, Sendable {
        package var conditions: [Condition]?

        package init(conditions: [Condition]? = nil) {
            self.conditions = conditions
        }
    }

    /// A condition of the job; a finished job has `Complete` or `Failed`.
    package struct Condition: Codable, Hashable, Sendable {
        package var type: String
        /// `True`, `False` or `Unknown`.
        package var status: String
        /// One word for programs, such as `DeadlineExceeded`.
        package var reason: String?
        package var message: String?

        package init(type: String, status: String, reason: String? = nil, message: String? = nil) {
            self.type = type
            self.status = status
            self.reason = reason
            self.message = message
        }
    }

    /// The condition of the type, if it holds.
    package func condition(_ type: String) -> Condition? {
        status?.conditions?.first { $0.type == type && $0.status == "True" }
    }
}
