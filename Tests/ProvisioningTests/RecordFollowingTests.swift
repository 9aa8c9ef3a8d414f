import Kubernetes
import Testing

@testable import Provisioning

@Suite("R14: when a volume's record is compared with the cluster")
struct RecordFollowingTests {
    private static func bound(
        _ labels: [String: String],
        claim: String = "one",
        size: String = "1Gi"
    ) throws -> BoundVolume {
        let reference = ObjectReference(namespace: "clinic", name: "data", uid: claim)
        let volume = PersistentVolume(
            metadata: ObjectMeta(name: "pvc-one"),
            spec: PersistentVolume.Spec(capacity: ["storage": Quantity(rawValue: size)], claimRef: reference),
            status: PersistentVolume.Status(phase: .bound)
        )
        let metadata = ObjectMeta(name: "data", namespace: "clinic", uid: claim, labels: labels)
        return try #require(BoundVolume(volume, PersistentVolumeClaim(metadata: metadata)))
    }

    private let key = ObjectKey(name: "pvc-one")
    private let start = ContinuousClock.now

    @Test("Not at first sight, but some minutes later, or as soon as something changes")
    func first() throws {
        let following = RecordFollowing()
        let (before, after) = (try Self.bound([:]), try Self.bound(["a": "b"]))
        #expect(following.due(before, named: key, now: start) == nil)
        #expect(following.due(before, named: key, now: start + .seconds(59)) == nil)
        #expect(following.due(after, named: key, now: start + .seconds(1)) == .zero)
        let delay = try #require(following.due(before, named: key, now: start + .seconds(60)))
        #expect(delay >= .seconds(1) && delay <= .seconds(300))
        #expect(following.due(before, named: key, now: start + .seconds(60) + delay) == .zero)
    }

    @Test("Once written, only for a change, and once a minute")
    func written() throws {
        let following = RecordFollowing()
        let (before, after) = (try Self.bound([:]), try Self.bound(["a": "b"]))
        following.note(before, named: key, now: start)
        #expect(following.due(before, named: key, now: start + .seconds(900)) == nil)
        #expect(following.due(after, named: key, now: start + .seconds(59)) == .seconds(1))
        #expect(following.due(after, named: key, now: start + .seconds(60)) == .zero)
        following.forget(key)
        #expect(following.due(after, named: key, now: start + .seconds(61)) == nil)
    }

    @Test("Another size is never waited for")
    func expanded() throws {
        let following = RecordFollowing()
        following.note(try Self.bound([:]), named: key, now: start)
        #expect(following.due(try Self.bound([:], size: "2Gi"), named: key, now: start) == .zero)
    }

    @Test("Another claim is never waited for")
    func another() throws {
        let following = RecordFollowing()
        #expect(following.due(try Self.bound([:], claim: "two"), named: key, now: start) == .zero)
        following.note(try Self.bound([:]), named: key, now: start)
        #expect(following.due(try Self.bound([:], claim: "two"), named: key, now: start) == .zero)
    }
}
