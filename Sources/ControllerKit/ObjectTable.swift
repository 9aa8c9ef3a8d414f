import Kubernetes

/// Objects by their keys. A dictionary has empty places, each as large as what it holds: here that is a reference.
struct ObjectTable<Object: Sendable>: Sendable {
    private final class Box: Sendable {
        let object: Object

        init(_ object: Object) { self.object = object }
    }

    private var boxes: [ObjectKey: Box] = [:]

    var count: Int { boxes.count }
    var isEmpty: Bool { boxes.isEmpty }

    /// Every object, in no order.
    var values: some Collection<Object> { boxes.values.lazy.map(\.object) }

    subscript(key: ObjectKey) -> Object? {
        get { boxes[key]?.object }
        set { boxes[key] = newValue.map(Box.init) }
    }
}
