/// Whether a volume is mounted as a file system or handed to the pod as a device.
package struct VolumeMode: RawRepresentable, Codable, Hashable, Sendable {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    package static let filesystem = VolumeMode(rawValue: "Filesystem")
    package static let block = VolumeMode(rawValue: "Block")
}
