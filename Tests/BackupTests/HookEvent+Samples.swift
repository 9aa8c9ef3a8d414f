import Kubernetes
import Provisioning

@testable import Backup

extension HookEvent {
    /// A released volume of the claim `shop/db`.
    static func sample(_ phase: HookPhase = .beforeArchive, volume: String = "pvc-1") -> HookEvent {
        var event = HookEvent(
            phase: phase,
            volume: volume,
            export: Export(server: "nas1", path: "/srv"),
            path: "/srv/shop-db-pvc-1",
            requestedAt: Timestamp(seconds: 1_769_846_400)
        )
        event.claim = Claim(namespace: "shop", name: "db", uid: "u-1")
        event.storageClass = "gold"
        event.labels = ["app": "db"]
        event.annotations = ["note": "$(HOME) \"quoted\""]
        event.capacity = "1Gi"
        event.archive = Archive(id: "pvc-1", directory: "archived-shop-db-pvc-1")
        event.reason = "the claim was deleted"
        return event
    }
}

extension HookFacts {
    static let sample = HookFacts(.sample(), hook: "restic")
}

extension Hook {
    /// A hook that does nothing, for rules that look at results only.
    static func idle(
        _ name: String,
        _ phase: HookPhase = .beforeArchive,
        _ change: (inout Hook) -> Void = { _ in }
    ) -> Hook {
        var hook = Hook(name: name, phase: phase, action: .exec(ExecHook(command: ["true"])))
        change(&hook)
        return hook
    }
}
