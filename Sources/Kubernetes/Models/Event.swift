/// An event on an object, for people to read (`v1`).
package struct Event: KubernetesObject {
    package static let resource = Resource(plural: "events", kind: "Event", namespaced: true)

    package var apiVersion: String?
    package var kind: String?
    package var metadata: ObjectMeta
    package var involvedObject: ObjectReference
    /// One word in upper camel case, for programs.
    package var reason: String?
    /// A sentence, for people.
    package var message: String?
    package var type: EventType?
    package var source: Source?
    package var reportingComponent: String?
    package var reportingInstance: String?
    package var firstTimestamp: Timestamp?
    package var lastTimestamp: Timestamp?
    /// How often this event occurred since ``firstTimestamp``.
    package var count: Int?

    package init(
        metadata: ObjectMeta,
        involvedObject: ObjectReference,
        reason: String? = nil,
        message: String? = nil,
        type: EventType? = nil,
        source: Source? = nil,
        reportingComponent: String? = nil,
        reportingInstance: String? = nil,
        firstTimestamp: Timestamp? = nil,
        lastTimestamp: Timestamp? = nil,
        count: Int? = nil
    ) {
        self.apiVersion = Self.resource.apiVersion
        self.kind = Self.resource.kind
        self.metadata = metadata
        self.involvedObject = involvedObject
        self.reason = reason
        self.message = message
        self.type = type
        self.source = source
        self.reportingComponent = reportingComponent
        self.reportingInstance = reportingInstance
        self.firstTimestamp = firstTimestamp
        self.lastTimestamp = lastTimestamp
        self.count = count
    }

    /// The component that reported it.
    package struct Source: Codable, Hashable, Sendable {
        package var component: String?
        package var host: String?

        package init(component: String? = nil, host: String? = nil) {
            self.component = component
            self.host = host
        }
    }
}

/// The type of an event: normal operation or a problem.
package struct EventType: RawRepresentable, Codable, Hashable, Sendable {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    package static let normal = EventType(rawValue: "Normal")
    package static let warning = EventType(rawValue: "Warning")
}
