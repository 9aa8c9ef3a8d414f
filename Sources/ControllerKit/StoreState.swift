import Kubernetes

/// The contents of a ``Store``: a value without a lock, whose transitions return what changed.
struct StoreState<Object: KubernetesObject> {
    private let indexers: [String: @Sendable (Object) -> [String]]
    private(set) var objects = ObjectTable<Object>()
    private var indexes: [String: [String: Set<ObjectKey>]] = [:]
    /// Objects put here by this program's own writes, of which neither list nor watch has told yet.
    private var ownWrites = Set<ObjectKey>()
    /// The newest resource version list or watch has told of; nil if it is not a number.
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

    /// Puts a whole list in the place of everything known.
    ///
    /// Own writes newer than the list stay: it is too old to show them, and the watch that follows will speak of them.
    /// So do the objects of `unreadable` keys: they exist, but their new state cannot be read.
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

    /// Takes in an object the watch reports as added or modified, unless an own write is newer already.
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

    /// Takes in an object the watch reports as deleted; an own write that is newer has made the name anew, and stays.
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

    /// Takes in the deletion of an object that cannot be read: what is known of it is its last state here.
    mutating func remove(_ object: UndecodableObject) -> [Change<Object>] {
        observe(object.resourceVersion)
        guard let key = object.key, let old = objects[key], !old.isNewer(than: object.resourceVersion) else {
            return []
        }
        drop(old)
        return [.deleted(old)]
    }

    /// Takes in the answer to an own write, if it is newer than all list and watch have told of.
    ///
    /// Otherwise they have told of this write too, and perhaps of a deletion after it, which must not be undone.
    /// The same holds where versions are not numbers: then nobody can tell.
    mutating func upsert(_ object: Object) {
        guard let version = object.numericVersion, version > observed ?? (isSynced ? Int.max : 0) else { return }
        if let old = objects[object.key], old.isNewer(than: object.metadata.resourceVersion) { return }
        ownWrites.insert(object.key)
        put(sharing(object))
    }

    /// Notes how far the watch has got.
    mutating func observe(_ resourceVersion: String?) {
        guard let version = resourceVersion.flatMap(Int.init) else { return }
        observed = max(observed ?? version, version)
    }

    private mutating func put(_ object: Object) {
        if let old = objects[object.key] { removeFromIndexes(old) }
        objects[object.key] = object
        addToIndexes(object)
    }

    /// What to keep of an object of a list: what is here already if it is the same, or else the object with one copy of what
    /// it has in common with others. To be called as each is read: what it held by itself leaves gaps, which the next one
    /// fills.
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
