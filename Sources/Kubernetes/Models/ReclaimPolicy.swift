/// What becomes of a volume when its claim is gone.
package struct ReclaimPolicy: RawRepresentable, Codable, Hashable, Sendable {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    package static let delete = ReclaimPolicy(rawValue: "Delete")
    package static let retain = ReclaimPolicy(rawValue: "Retain")
}
