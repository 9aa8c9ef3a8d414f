import Kubernetes

/// The contents of a ``Store``: a value without a lock, whose transitions return what changed.
struct StoreState<Object: KubernetesObject> {
    private let indexers: [String: @Sendable (Object) -> [String]]
    private(set) var objects = ObjectTable<Object>()
    private var indexes: [String: [String: Set<ObjectKey>]] = [:]
    /// Objects stored by this program's own writes that neither list nor watch has reported yet.
    private var ownWrites = Set<ObjectKey>()
    /// The newest resource version that list or watch has reported; `nil` if it is not a number.
    private var observed: Int?
    private(set) var isSynced = false
    private var pool = ObjectPool()

    init(indexers: [String: @Sendable (Object) -> [String]]) {
        self.indexers = indexers
    }

    func objects(indexedBy index: String, value: String) -> [Object] {
        precondition(indexers[index] != nil, "the store has no index \(index)")
        return indexes[index]?[value]?.compactMap { objects[$0] } ?? []
    }

    /// Replaces the contents with a complete list.
    ///
    /// Own writes newer than the list stay: the list is too old to show them, and the next watch will report them. So
    /// do the objects of `unreadable` keys: they exist, but their new state cannot be read.
    mutating func replace(
        with list: [Object],
        keeping unreadable: Set<ObjectKey> = [],
        resourceVersion: String
    ) -> [Change<Object>] {
        let version = Int(resourceVersion)
        var ahead = Set<ObjectKey>()
        // A list older than what was seen is a cluster restored from a backup: nothing newer exists any more.
        if let version, version >= observed ?? version {
            ahead = ownWrites.filter { objects[$0]?.numericVersion.map { $0 > version } ?? false }
        }
        let announced = list.filter { !ahead.contains($0.key) }
        let uids = Dictionary(announced.map { ($0.key, $0.metadata.uid) }, uniquingKeysWith: { $1 })
        let gone = objects.values.filter { old in
            switch uids[old.key] {
            case .some(let uid): old.metadata.uid != uid
            case nil: !ahead.contains(old.key) && !unreadable.contains(old.key)
            }
        }

        let written = ownWrites
        gone.forEach { drop($0) }
        let changed = announced.compactMap { object -> Change<Object>? in
            let old = objects[object.key]
            if old != object { put(object) }
            let isKnown = old.map { $0.metadata.resourceVersion == object.metadata.resourceVersion } ?? false
            return isKnown && !written.contains(object.key) ? nil : .applied(old: old, new: object)
        }
        ownWrites = ahead
        observed = version
        isSynced = true
        return gone.map(Change.deleted) + changed
    }

    /// Stores an object that the watch reports as added or modified, unless an own write is newer already.
    mutating func apply(_ object: Object) -> [Change<Object>] {
        observe(object.metadata.resourceVersion)
        let key = object.key
        let old = objects[key]
        if let old, old.isNewer(than: object.metadata.resourceVersion) { return [] }
        ownWrites.remove(key)
        put(sharing(object))
        guard let old, !object.isSameIncarnation(as: old) else { return [.applied(old: old, new: object)] }
        return [.deleted(old), .applied(old: nil, new: object)]
    }

    /// Removes an object that the watch reports as deleted; a newer own write has created the name again, and stays.
    mutating func remove(_ object: Object) -> [Change<Object>] {
        observe(object.metadata.resourceVersion)
        let key = object.key
        guard let old = objects[key] else { return [.deleted(object)] }
        guard !old.isNewer(than: object.metadata.resourceVersion) else {
            return old.isSameIncarnation(as: object) ? [] : [.deleted(object)]
        }
        drop(old)
        return [.deleted(object)]
    }

    /// Removes a deleted object whose final state cannot be read; its last known state is the stored one.
    mutating func remove(_ object: UndecodableObject) -> [Change<Object>] {
        observe(object.resourceVersion)
        guard let key = object.key, let old = objects[key], !old.isNewer(than: object.resourceVersion) else {
            return []
        }
        drop(old)
        return [.deleted(old)]
    }

    /// Stores the response to an own write, if it is newer than everything that list and watch have reported.
    ///
    /// Otherwise they have reported this write too, and perhaps a deletion after it, which must not be undone. The same
    /// holds if versions are not numbers: then the order is unknown.
    mutating func upsert(_ object: Object) {
        guard let version = object.numericVersion, version > observed ?? (isSynced ? Int.max : 0) else { return }
        if let old = objects[object.key], old.isNewer(than: object.metadata.resourceVersion) { return }
        ownWrites.insert(object.key)
        put(sharing(object))
    }

    /// Records how far the watch has advanced.
    mutating func observe(_ resourceVersion: String?) {
        guard let version = resourceVersion.flatMap(Int.init) else { return }
        observed = max(observed ?? version, version)
    }

    private mutating func put(_ object: Object) {
        if let old = objects[object.key] { removeFromIndexes(old) }
        objects[object.key] = object
        addToIndexes(object)
    }

    /// Returns what to keep of an object of a list: the stored one if they are equal, or else the object with shared
    /// copies of what it has in common with others. Call it as each object is read: the memory that it frees is then
    /// used for the next one.
    mutating func kept(_ object: Object) -> Object {
        if let known = objects[object.key], known == object { return known }
        return sharing(object)
    }

    private mutating func sharing(_ object: Object) -> Object {
        var object = object
        object.share(in: &pool)
        return object
    }

    private mutating func drop(_ object: Object) {
        ownWrites.remove(object.key)
        removeFromIndexes(object)
        objects[object.key] = nil
    }

    private mutating func addToIndexes(_ object: Object) {
        for (index, values) in indexers {
            for value in values(object) { indexes[index, default: [:]][value, default: []].insert(object.key) }
        }
    }

    private mutating func removeFromIndexes(_ object: Object) {
        for (index, values) in indexers {
            for value in values(object) {
                indexes[index]?[value]?.remove(object.key)
                if indexes[index]?[value]?.isEmpty == true { indexes[index]?[value] = nil }
            }
        }
    }
}

extension KubernetesObject {
    /// The resource version as a number, which is how the API server makes them (KEP-5504).
    fileprivate var numericVersion: Int? {
        metadata.resourceVersion.flatMap(Int.init)
    }

    /// Whether both versions are numbers and this one is the greater.
    fileprivate func isNewer(than resourceVersion: String?) -> Bool {
        guard let own = numericVersion, let other = resourceVersion.flatMap(Int.init) else { return false }
        return own > other
    }

    /// Whether this is the same object in another state, not a later one of the same name.
    fileprivate func isSameIncarnation(as other: Self) -> Bool {
        metadata.uid == other.metadata.uid
    }
}

/// Objects by key. A dictionary has empty slots, each as large as a value: here, a value is only a reference.
struct ObjectTable<Object: Sendable>: Sendable {
    private final class Box: Sendable {
        let object: Object

        init(_ object: Object) { self.object = object }
    }

    private var boxes: [ObjectKey: Box] = [:]

    var count: Int { boxes.count }
    var isEmpty: Bool { boxes.isEmpty }

    /// Every object, in no particular order.
    var values: some Collection<Object> { boxes.values.lazy.map(\.object) }

    subscript(key: ObjectKey) -> Object? {
        get { boxes[key]?.object }
        set { boxes[key] = newValue.map(Box.init) }
    }
}
