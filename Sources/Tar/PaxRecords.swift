/// The records of pax extended headers (POSIX.1-2017, pax, “pax Extended Header”), by keyword. Only the keywords in use
/// are kept, so that an archive with countless keywords cannot exhaust memory.
struct PaxRecords: Hashable, Sendable {
    private static let keys: Set<String> = ["path", "linkpath", "size", "uid", "gid", "mtime"]
    private static let sparse = "GNU.sparse."

    private var values: [String: [UInt8]] = [:]

    /// An empty value cancels an earlier one.
    subscript(key: String) -> [UInt8]? {
        get { values[key].flatMap { $0.isEmpty ? nil : $0 } }
        set { values[key] = newValue }
    }

    /// Whether the records describe a sparse file of GNU tar, whose contents are a map and pieces.
    var isSparse: Bool { values[Self.sparse] != nil }

    /// These records, overridden by those of `other`.
    func updated(by other: PaxRecords) -> PaxRecords {
        var all = self
        all.values.merge(other.values) { $1 }
        return all
    }

    /// Adds a header's records: `length keyword=value` and a newline each, where the length counts the whole record.
    mutating func add(_ bytes: [UInt8]) throws(TarError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            guard let space = rest.firstIndex(of: UInt8(ascii: " ")), let length = Self.number(rest[..<space]),
                length <= rest.count, length > space - rest.startIndex + 1
            else { throw Self.malformed }
            let record = rest[space + 1..<rest.startIndex + length]
            guard record.last == UInt8(ascii: "\n"), let equals = record.firstIndex(of: UInt8(ascii: "=")),
                let key = String(validating: record[..<equals], as: UTF8.self)
            else { throw Self.malformed }
            if Self.keys.contains(key) { values[key] = Array(record[(equals + 1)...].dropLast()) }
            if key.hasPrefix(Self.sparse) { values[Self.sparse] = [] }
            rest = rest.dropFirst(length)
        }
    }

    private static var malformed: TarError { TarError("the archive has an extended header that is malformed") }

    private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
        digits.allSatisfy { (0x30...0x39).contains($0) } ? Int(String(decoding: digits, as: UTF8.self)) : nil
    }
}
