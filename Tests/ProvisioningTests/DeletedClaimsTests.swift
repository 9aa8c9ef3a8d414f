import Kubernetes
import Testing

@testable import Provisioning

@Suite("R13: the last state of deleted claims")
struct DeletedClaimsTests {
    static func claim(_ uid: String, _ value: String = "30d", volume: String? = "pvc") -> PersistentVolumeClaim {
        ClaimVerdictTests.claim {
            $0.metadata.uid = uid
            $0.metadata.labels = ["app": "db"]
            $0.metadata.annotations?[RetentionRequest.keepFor.rawValue] = value
            $0.spec?.volumeName = volume
        }
    }

    @Test("Labels and annotations are kept until the volume is gone; a claim without a volume leaves nothing")
    func kept() {
        let claims = DeletedClaims()
        claims.note(Self.claim("a"))
        claims.note(Self.claim("b", volume: nil))
        #expect(
            claims["a"]?.annotations == [RetentionRequest.keepFor.rawValue: "30d"]
                && claims["a"]?.labels == ["app": "db"]
        )
        #expect(claims["b"] == nil)
        claims.forget("a")
        #expect(claims["a"] == nil)
    }

    @Test("The oldest are dropped first when there are too many; a repeated entry counts as new")
    func count() {
        let claims = DeletedClaims(countLimit: 2)
        for uid in ["a", "b", "a", "c"] { claims.note(Self.claim(uid, uid)) }
        #expect(claims["b"] == nil && claims["a"] != nil && claims["c"] != nil)
        for index in 0..<1000 {
            claims.note(Self.claim("\(index)"))
            claims.forget("\(index)")
        }
        #expect(claims["c"] != nil)
    }

    @Test("Their memory is bounded, however much a tenant writes on claims")
    func size() {
        let claims = DeletedClaims(sizeLimit: 100_000)
        for index in 0..<50 { claims.note(Self.claim("\(index)", String(repeating: "x", count: 10_000))) }
        let kept = (0..<50).filter { claims["\($0)"] != nil }
        #expect(kept == Array((50 - kept.count)..<50) && (5...9).contains(kept.count))
        claims.note(Self.claim("huge", String(repeating: "x", count: 200_000)))
        #expect(claims["huge"] == nil)
    }
}
