import Kubernetes
import Testing

@testable import Provisioning

@Suite("Another provisioner of our name at work (L2)")
struct ForeignLockWatchTests {
    private let start = ContinuousClock.now
    private let time = Timestamp(seconds: 1_800_000_000)

    private func lock(renewed seconds: Int64, by holder: String = "nsep-1") throws -> ForeignLock {
        let record = """
            {"holderIdentity": "\(holder)", "leaseDurationSeconds": 15, "leaderTransitions": 3,
             "acquireTime": "2026-01-01T00:00:00Z", "renewTime": "\(Timestamp(seconds: time.seconds + seconds))"}
            """
        let annotations = ["control-plane.alpha.kubernetes.io/leader": record]
        return try #require(
            ForeignLock(Endpoints(metadata: ObjectMeta(name: "n", namespace: "nfs", annotations: annotations)))
        )
    }

    @Test func aLockThatIsRenewedIsHeld() throws {
        var watch = ForeignLockWatch()
        for second in 0..<100 {
            let lock = try lock(renewed: Int64(second / 2 * 2))
            #expect(watch.look(at: [lock], time: time, now: start + .seconds(second)) == [lock])
        }
    }

    @Test func aLockThatIsNoLongerRenewedIsFreeAfterItsDuration() throws {
        var watch = ForeignLockWatch()
        let lock = try lock(renewed: -1)
        #expect(watch.look(at: [lock], time: time, now: start) == [lock])
        #expect(watch.look(at: [lock], time: time, now: start + .seconds(14)) == [lock])
        #expect(watch.look(at: [lock], time: time, now: start + .seconds(15)).isEmpty)
    }

    @Test func aLockOfLongAgoIsNobodys() throws {
        var watch = ForeignLockWatch()
        #expect(watch.look(at: [try lock(renewed: -301)], time: time, now: start).isEmpty)
    }

    @Test func aLockThatWasGivenUpIsNone() throws {
        let lease = Lease(
            metadata: ObjectMeta(name: "n", namespace: "a"),
            spec: Lease.Spec(holderIdentity: "", renewTime: .now)
        )
        #expect(ForeignLock(lease) == nil)
        #expect(ForeignLock(Endpoints(metadata: ObjectMeta(name: "n"))) == nil)
    }

    @Test func aLeaseElsewhereIsALockAsWell() {
        let lease = Lease(
            metadata: ObjectMeta(name: "n", namespace: "a"),
            spec: Lease.Spec(holderIdentity: "x", leaseDurationSeconds: 20, renewTime: .now)
        )
        #expect(ForeignLock(lease)?.place == "Lease a/n")
        #expect(ForeignLock(lease)?.duration == .seconds(20))
    }
}
