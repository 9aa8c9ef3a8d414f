/// When a claim is bound: at once, or when a pod that uses it was placed on a node.
package struct VolumeBindingMode: RawRepresentable, Codable, Hashable, Sendable {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    package static let immediate = VolumeBindingMode(rawValue: "Immediate")
    package static let waitForFirstConsumer = VolumeBindingMode(rawValue: "WaitForFirstConsumer")
}
