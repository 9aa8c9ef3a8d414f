/// How many nodes may mount a volume, and whether they may write.
package struct AccessMode: RawRepresentable, Codable, Hashable, Sendable {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    package static let readWriteOnce = AccessMode(rawValue: "ReadWriteOnce")
    package static let readOnlyMany = AccessMode(rawValue: "ReadOnlyMany")
    package static let readWriteMany = AccessMode(rawValue: "ReadWriteMany")
    package static let readWriteOncePod = AccessMode(rawValue: "ReadWriteOncePod")
}
