import Kubernetes
import Provisioning
import Testing

@testable import Backup

@Suite("Which hook is next")
struct HookPlanTests {
    private func result(_ name: String, _ outcome: HookResult.Outcome, _ phase: HookPhase = .beforeArchive)
        -> HookResult
    {
        HookResult(
            name: name,
            phase: phase,
            kind: .exec,
            outcome: outcome,
            attempts: 3,
            startedAt: Timestamp(seconds: 0),
            finishedAt: Timestamp(seconds: 0),
            message: ""
        )
    }

    /// Plays a plan whose hooks end as told; the names of those that ran, with `!` for skipped ones.
    private func play(
        _ hooks: [Hook],
        failing: Set<String> = [],
        earlier: [HookResult] = [],
        event: HookEvent = .sample()
    ) -> (ran: [String], outcome: HookPhaseOutcome) {
        var plan = HookPlan(hooks: hooks, event: event, earlier: earlier)
        var ran: [String] = []
        while true {
            switch plan.next() {
            case .end(let outcome):
                return (ran, outcome)
            case .skip(let hook, _, _):
                ran.append("!" + hook.name)
                plan.note(result(hook.name, .skipped))
            case .run(let hook, _):
                ran.append(hook.name)
                plan.note(result(hook.name, failing.contains(hook.name) ? .failed : .succeeded))
            }
        }
    }

    @Test func hooksOfThePhaseRunInTheirOrder() {
        let played = play([.idle("b"), .idle("x", .afterArchive), .idle("a")])
        #expect(played.ran == ["b", "a"])
        #expect(played.outcome == .passed)
    }

    @Test func aFailureStopsThePhaseAndFailsIt() {
        let played = play([.idle("a"), .idle("b"), .idle("c")], failing: ["b"])
        #expect(played.ran == ["a", "b"])
        #expect(played.outcome == .failed(result("b", .failed)))
    }

    @Test func continueGoesOn() {
        let played = play([.idle("a") { $0.onError = .continue }, .idle("b")], failing: ["a"])
        #expect(played.ran == ["a", "b"])
        #expect(played.outcome == .passed)
    }

    @Test func policiesLookAtTheHooksBefore() {
        let hooks: [Hook] = [
            .idle("a") { $0.onError = .continue }, .idle("good") { $0.executionPolicy = .onSuccess },
            .idle("bad") { $0.executionPolicy = .onFailure }, .idle("always"),
        ]
        #expect(play(hooks).ran == ["a", "good", "!bad", "always"])
        #expect(play(hooks, failing: ["a"]).ran == ["a", "!good", "bad", "always"])
    }

    @Test func onFailureRunsAlsoAfterTheFailureThatEndsThePhase() {
        let hooks: [Hook] = [.idle("a"), .idle("b"), .idle("alarm") { $0.executionPolicy = .onFailure }]
        let played = play(hooks, failing: ["a", "alarm"])
        #expect(played.ran == ["a", "alarm"])
        #expect(played.outcome == .failed(result("a", .failed)))
    }

    @Test("B4: a hook that succeeded is not run again, and failed attempts keep counting")
    func whatSucceededIsNotRunAgainAndWhatFailedCountsOn() {
        let earlier = [result("a", .succeeded), result("b", .failed)]
        var plan = HookPlan(hooks: [.idle("a"), .idle("b")], event: .sample(), earlier: earlier)
        #expect(plan.next() == .run(.idle("b"), attemptsBefore: 3))
    }

    @Test func aFailureThatWasMadeGoodIsNone() {
        let hooks: [Hook] = [.idle("a"), .idle("good") { $0.executionPolicy = .onSuccess }]
        #expect(play(hooks, earlier: [result("a", .failed)]).ran == ["a", "good"])
    }

    @Test func resultsOfThePhaseBeforeCount() {
        let hooks: [Hook] = [.idle("prune", .afterArchive) { $0.executionPolicy = .onSuccess }]
        #expect(play(hooks, earlier: [result("a", .failed)], event: .sample(.afterArchive)).ran == ["!prune"])
        #expect(play(hooks, earlier: [result("a", .succeeded)], event: .sample(.afterArchive)).ran == ["prune"])
    }

    @Test(arguments: [
        (["gold"], ["shop"], ["app": "db"], true), ([], [], [:], true), (["silver"], [], [:], false),
        ([], ["other"], [:], false), ([], [], ["app": "web"], false),
    ])
    func aSelectorWantsEveryConditionMet(
        classes: [String],
        namespaces: [String],
        labels: [String: String],
        matches: Bool
    ) {
        var selector = HookSelector()
        selector.classes = classes
        selector.namespaces = namespaces
        selector.claims = LabelSelector(matchLabels: labels)
        #expect(selector.matches(.sample()) == matches)
    }

    @Test func aVolumeWithoutClaimMeetsNoNamespace() {
        var event = HookEvent.sample()
        event.claim = nil
        var selector = HookSelector()
        #expect(selector.matches(event))
        selector.namespaces = ["shop"]
        #expect(!selector.matches(event))
    }
}
