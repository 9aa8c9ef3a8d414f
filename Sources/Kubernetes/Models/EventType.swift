/// Whether an event tells of the normal course of things or of trouble.
package struct EventType: RawRepresentable, Codable, Hashable, Sendable {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    package static let normal = EventType(rawValue: "Normal")
    package static let warning = EventType(rawValue: "Warning")
}
