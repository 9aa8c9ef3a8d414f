import Kubernetes
import Testing

@testable import ControllerKit

@Suite struct StoreStateTests {
    private typealias State = StoreState<Item>

    /// A store that has listed `objects` at version 100.
    private func listed(_ objects: Item...) -> State {
        var state = State(indexers: ["n": { [String($0.spec.n)] }])
        _ = state.replace(with: objects, resourceVersion: "100")
        return state
    }

    private func key(_ name: String) -> ObjectKey { ObjectKey(namespace: "test", name: name) }

    @Test func `the first list announces every object`() {
        var state = State(indexers: [:])
        #expect(!state.isSynced)
        let list = [Item("a", version: "1"), Item("b", version: "2")]
        let changes = state.replace(with: list, resourceVersion: "9")
        #expect(state.isSynced)
        #expect(describe(changes) == ["+a@1", "+b@2"])
    }

    @Test func `a later list announces what differs, and what has vanished`() {
        let same = Item("same", version: "2")
        var state = listed(Item("gone", version: "1"), same, Item("old", version: "3"))
        let list = [same, Item("old", version: "120"), Item("new", version: "121")]
        let changes = state.replace(with: list, resourceVersion: "130")
        #expect(describe(changes) == ["-gone@1", "old@3→old@120", "+new@121"])
        #expect(state.objects.count == 3)
    }

    @Test func `an object made anew under the same name is a deletion and a new object`() {
        var state = listed(Item("a", uid: "1", version: "1"), Item("b", uid: "1", version: "1"))
        let list = [Item("a", uid: "2", version: "120"), Item("b", uid: "1", version: "1")]
        #expect(describe(state.replace(with: list, resourceVersion: "130")) == ["-a@1", "+a@120"])
        #expect(describe(state.apply(Item("b", uid: "2", version: "140"))) == ["-b@1", "+b@140"])
    }

    @Test func `an own write shows at once, and older news do not undo it`() {
        var state = listed(Item("a", version: "90"))
        state.upsert(Item("a", version: "110", n: 2))
        #expect(state.objects[key("a")]?.spec.n == 2)
        #expect(state.apply(Item("a", version: "105", n: 1)).isEmpty)
        #expect(state.objects[key("a")]?.spec.n == 2)
        #expect(describe(state.apply(Item("a", version: "110", n: 2))) == ["a@110→a@110"])
        #expect(describe(state.apply(Item("a", version: "115", n: 3))) == ["a@110→a@115"])
    }

    @Test func `an own write the watch has passed already changes nothing`() {
        var state = listed(Item("a", version: "90"))
        _ = state.remove(Item("a", version: "120"))
        state.upsert(Item("a", version: "110"))
        #expect(state.objects.isEmpty, "a deleted object came back")

        state.observe("130")
        state.upsert(Item("b", version: "125"))
        #expect(state.objects.isEmpty)
    }

    @Test func `an own write newer than the list survives it, and is announced by the list that shows it`() {
        var state = listed()
        state.upsert(Item("a", version: "110"))
        #expect(state.replace(with: [], resourceVersion: "105").isEmpty)
        #expect(state.objects.count == 1)
        let changes = state.replace(with: [Item("a", version: "110")], resourceVersion: "112")
        #expect(describe(changes) == ["a@110→a@110"])
        #expect(describe(state.replace(with: [], resourceVersion: "115")) == ["-a@110"])
    }

    @Test func `after the cluster was restored from a backup the list alone counts`() {
        var state = listed(Item("a", version: "90"))
        state.upsert(Item("b", version: "110"))
        let changes = state.replace(with: [Item("a", version: "40")], resourceVersion: "50")
        #expect(describe(changes) == ["-b@110", "a@90→a@40"])
    }

    @Test func `where versions are no numbers the watch is believed, and own writes wait for it`() {
        var state = State(indexers: [:])
        _ = state.replace(with: [Item("a", version: "x", n: 1)], resourceVersion: "y")
        state.upsert(Item("a", version: "z", n: 2))
        #expect(state.objects[key("a")]?.spec.n == 1)
        _ = state.apply(Item("a", version: "b", n: 3))
        #expect(state.objects[key("a")]?.spec.n == 3)
    }

    @Test func `a deletion older than our own new object of that name leaves it`() {
        var state = listed(Item("a", uid: "1", version: "90"))
        state.upsert(Item("a", uid: "2", version: "120"))
        #expect(describe(state.remove(Item("a", uid: "1", version: "110"))) == ["-a@110"])
        #expect(state.objects[key("a")]?.metadata.uid == "2")
    }

    @Test func `a list keeps what cannot be read, and not what is missing`() {
        var state = listed(Item("unreadable", version: "1", n: 1), Item("gone", version: "2", n: 1))
        let changes = state.replace(
            with: [],
            keeping: [key("unreadable"), key("unknown")],
            resourceVersion: "130"
        )
        #expect(describe(changes) == ["-gone@2"])
        #expect(names(state, n: 1) == ["unreadable"])
    }

    @Test func `the deletion of an object that cannot be read removes what is known of it`() {
        var state = listed(Item("a", version: "1", n: 1))
        let deleted = UndecodableObject(key: key("a"), resourceVersion: "120", reason: "")
        #expect(describe(state.remove(deleted)) == ["-a@1"])
        #expect(state.objects.isEmpty)
        #expect(names(state, n: 1) == [])
        #expect(state.remove(deleted).isEmpty)

        state.upsert(Item("a", uid: "2", version: "130"))
        #expect(state.remove(deleted).isEmpty, "our own new object of that name went with it")
        #expect(state.objects.count == 1)
    }

    @Test func `an index follows every change`() {
        var state = listed(Item("a", version: "1", n: 1), Item("b", version: "2", n: 1))
        #expect(names(state, n: 1) == ["a", "b"])
        _ = state.apply(Item("a", version: "101", n: 2))
        #expect(names(state, n: 1) == ["b"])
        #expect(names(state, n: 2) == ["a"])
        _ = state.remove(Item("b", version: "102", n: 1))
        #expect(names(state, n: 1) == [])
        state.upsert(Item("c", version: "103", n: 2))
        #expect(names(state, n: 2) == ["a", "c"])
        _ = state.replace(with: [Item("d", version: "104", n: 5)], resourceVersion: "104")
        #expect(names(state, n: 2) == [])
        #expect(names(state, n: 5) == ["d"])
    }

    private func names(_ state: State, n: Int) -> [String] {
        state.objects(indexedBy: "n", value: String(n)).compactMap(\.metadata.name).sorted()
    }

    private func describe(_ changes: [Change<Item>]) -> [String] {
        func name(_ object: Item) -> String {
            "\(object.metadata.name ?? "")@\(object.metadata.resourceVersion ?? "")"
        }
        return changes.map { change in
            switch change {
            case .applied(let old?, let new): "\(name(old))→\(name(new))"
            case .applied(nil, let new): "+\(name(new))"
            case .deleted(let object): "-\(name(object))"
            case .resynced(let object): "=\(name(object))"
            }
        }
    }
}
