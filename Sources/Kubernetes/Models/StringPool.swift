/// Keeps one copy of strings that many objects have in common, such as the keys of their annotations: in a store of
/// thousands of objects the others would be most of what it takes.
package struct StringPool: Sendable {
    /// More than there are different ones in a cluster; should they be all different, it begins anew.
    private static let limit = 4096

    private var strings: Set<String> = []

    package init() {}

    /// The copy that others have, or this one if it is the first.
    package mutating func shared(_ string: String) -> String {
        // Up to 15 bytes are kept in the place of a reference; long ones are one object's own, and would outlive it here. Beyond ASCII, strings of other bytes may be equal.
        guard (16...128).contains(string.utf8.count), string.utf8.allSatisfy({ $0 < 0x80 }) else { return string }
        if let index = strings.firstIndex(of: string) { return strings[index] }
        if strings.count >= Self.limit { strings = [] }
        strings.insert(string)
        return string
    }

    package mutating func share(_ string: inout String?) {
        if let value = string { string = shared(value) }
    }

    mutating func share(_ strings: inout [String: String]?) {
        guard let values = strings else { return }
        var shared = Dictionary<String, String>(minimumCapacity: values.count)
        for (key, value) in values { shared[self.shared(key)] = self.shared(value) }
        strings = shared
    }

    mutating func share(_ strings: inout [String]?) {
        guard let values = strings else { return }
        strings = values.map { shared($0) }
    }
}
