import Foundation
import Kubernetes
import Provisioning
import Testing

@testable import Backup

@Suite("The facts that a hook receives")
struct HookFactsTests {
    @Test func theJSONFormIsFlatAndStable() throws {
        let json = String(decoding: HookFacts.sample.json, as: UTF8.self)
        let expected = #"""
            {"annotations":{"note":"$(HOME) \"quoted\""},"archive":{"directory":"archived-shop-db-pvc-1","id":"pvc-1"},"capacity":"1Gi","claim":{"name":"db","namespace":"shop","uid":"u-1"},"export":{"path":"/srv","server":"nas1"},"hook":"restic","idempotencyKey":"KEY","labels":{"app":"db"},"path":"/srv/shop-db-pvc-1","phase":"beforeArchive","reason":"the claim was deleted","requestedAt":"2026-01-31T08:00:00Z","storageClass":"gold","version":1,"volume":"pvc-1"}
            """#
        #expect(json == expected.replacing("KEY", with: HookFacts.sample.idempotencyKey))
        #expect(try JSONDecoder().decode(HookFacts.self, from: Data(json.utf8)) == .sample)
    }

    @Test func theKeyIsTheSameForOneEventAndHookOnly() {
        let key = HookFacts.sample.idempotencyKey
        #expect(key.wholeMatch(of: /[0-9a-f]{64}/) != nil)
        #expect(HookFacts(.sample(), hook: "restic").idempotencyKey == key)
        var later = HookEvent.sample()
        later.requestedAt = Timestamp(seconds: 1_769_846_401)
        let others = [
            HookFacts(.sample(), hook: "other"), HookFacts(.sample(.afterArchive), hook: "restic"),
            HookFacts(.sample(volume: "pvc-2"), hook: "restic"), HookFacts(later, hook: "restic"),
        ]
        #expect(Set(others.map(\.idempotencyKey)).union([key]).count == 5)
    }

    @Test func everyVariableIsAlwaysSet() {
        let bare = HookEvent(
            phase: .afterProvision,
            volume: "v",
            export: HookEvent.Export(server: "s", path: "/e"),
            path: "/e/v",
            requestedAt: Timestamp(seconds: 0)
        )
        let names = Set(HookFacts.sample.environment.keys)
        #expect(names == Set(HookFacts(bare, hook: "h").environment.keys))
        #expect(HookFacts(bare, hook: "h").environment["SB_NFS_CLAIM_NAME"] == "")
        #expect(HookFacts.sample.environment["SB_NFS_PATH"] == "/srv/shop-db-pvc-1")
        #expect(HookFacts.sample.environment["SB_NFS_LABELS"] == #"{"app":"db"}"#)
    }

    @Test func annotationsTooLongForAProgramAreLeftOut() {
        var event = HookEvent.sample()
        event.annotations = ["long": String(repeating: "x", count: 200_000)]
        #expect(HookFacts(event, hook: "h").environment["SB_NFS_ANNOTATIONS"] == "")
    }
}
