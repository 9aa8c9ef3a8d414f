/// Keeps one copy of equal values, so that those who have the same share its storage.
struct ValuePool<Value: Hashable & Sendable>: Sendable {
    /// More than there are different ones in a cluster; should they be all different, it begins anew.
    private static var limit: Int { 4096 }

    private var values: Set<Value> = []

    /// The copy that others have, or this one if it is the first.
    mutating func shared(_ value: Value) -> Value {
        if let index = values.firstIndex(of: value) { return values[index] }
        if values.count >= Self.limit { values = [] }
        values.insert(value)
        return value
    }
}
