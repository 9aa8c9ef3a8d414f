/// Keeps one copy of what many objects have in common, such as the keys of their annotations, their sizes and access
/// modes: in a store of thousands of objects, the duplicates would take most of the memory.
package struct ObjectPool: Sendable {
    private var strings = ValuePool<String>()
    private var lists = ValuePool<[String]>()
    private var dictionaries = ValuePool<[String: String]>()
    private var amounts = ValuePool<[String: Quantity]>()
    private var accessModes = ValuePool<[AccessMode]>()

    package init() {}

    /// The shared copy, or this one if it is the first.
    package mutating func shared(_ string: String) -> String {
        // Strings of up to 15 bytes are stored inline, in place of a reference.
        string.utf8.count > 15 && Self.isCommon(string) ? strings.shared(string) : string
    }

    package mutating func share(_ string: inout String?) {
        if let value = string { string = shared(value) }
    }

    mutating func share(_ list: inout [String]?) {
        guard let value = list else { return }
        let shared = value.map { self.shared($0) }
        list = value.allSatisfy(Self.isCommon) ? lists.shared(shared) : shared
    }

    mutating func share(_ dictionary: inout [String: String]?) {
        shareStrings(of: &dictionary)
        shareStorage(of: &dictionary)
    }

    /// Shares the storage of a dictionary whose strings are shared already.
    mutating func shareStorage(of dictionary: inout [String: String]?) {
        guard let value = dictionary,
            value.allSatisfy({ Self.isCommon($0.key) && Self.isCommon($0.value) })
        else { return }
        dictionary = dictionaries.shared(value)
    }

    /// Shares the strings of a dictionary that no other object has.
    mutating func shareStrings(of dictionary: inout [String: String]?) {
        guard let value = dictionary else { return }
        var shared = Dictionary<String, String>(minimumCapacity: value.count)
        for (key, value) in value { shared[self.shared(key)] = self.shared(value) }
        dictionary = shared
    }

    mutating func share(_ amounts: inout [String: Quantity]?) {
        guard let value = amounts,
            value.allSatisfy({ Self.isCommon($0.key) && Self.isCommon($0.value.rawValue) })
        else { return }
        amounts = self.amounts.shared(value)
    }

    mutating func share(_ accessModes: inout [AccessMode]?) {
        guard let value = accessModes, value.allSatisfy({ Self.isCommon($0.rawValue) }) else { return }
        accessModes = self.accessModes.shared(value)
    }

    /// Long strings belong to one object only, and would outlive it here. Beyond ASCII, strings of different bytes may
    /// be equal.
    private static func isCommon(_ string: String) -> Bool {
        string.utf8.count <= 128 && string.utf8.allSatisfy { $0 < 0x80 }
    }
}

/// Keeps one copy of equal values, so that all holders share its storage.
struct ValuePool<Value: Hashable & Sendable>: Sendable {
    /// More than the different values in a cluster; a full pool starts over.
    private static var limit: Int { 4096 }

    private var values: Set<Value> = []

    /// The shared copy, or this one if it is the first.
    mutating func shared(_ value: Value) -> Value {
        if let index = values.firstIndex(of: value) { return values[index] }
        if values.count >= Self.limit { values = [] }
        values.insert(value)
        return value
    }
}
