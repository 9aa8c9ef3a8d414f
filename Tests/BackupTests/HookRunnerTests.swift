import ControllerKit
import Foundation
import Kubernetes
import Logging
import Provisioning
import TestBed
import Testing

@testable import Backup

@Suite("A phase of hooks", .timeLimit(.minutes(10)))
struct HookRunnerTests {
    private let folder: TemporaryFolder
    private let client: KubernetesClient

    init() throws {
        folder = try TemporaryFolder()
        client = try Cluster.client()
    }

    private func runner(_ hooks: [Hook]) -> HookRunner {
        HookRunner(
            hooks: hooks,
            actions: HookActions(
                exec: ExecAction(
                    environment: ["PATH": "/usr/bin:/bin"],
                    launcher: BuiltProgram.path,
                    grace: .milliseconds(200)
                ),
                http: HTTPAction(),
                job: JobAction(client: client, namespace: "default"),
                copy: CopyAction(mayWrite: { true }, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            ),
            backoff: Backoff(initial: .milliseconds(5), maximum: .milliseconds(20), jitter: 0)
        )
    }

    /// A hook that notes its name, and ends as `script` does.
    private func hook(_ name: String, _ script: String = "", _ change: (inout Hook) -> Void = { _ in }) throws -> Hook {
        let program = try folder.write(
            name,
            "#!/bin/sh\necho $SB_NFS_HOOK >> \(folder.path)/log\n\(script)\n",
            mode: 0o700
        )
        var hook = Hook(name: name, phase: .beforeArchive, action: .exec(ExecHook(command: [program])))
        change(&hook)
        return hook
    }

    private var log: [String] {
        let text = try? String(contentsOfFile: folder.path + "/log", encoding: .utf8)
        return (text ?? "").split(separator: "\n").map(String.init)
    }

    @Test func eachResultIsSavedBeforeTheNextHookBegins() async throws {
        var saved: [HookResult] = []
        let hooks = [try hook("a", "echo out"), try hook("b")]
        let outcome = try await runner(hooks).run(.sample()) { result in
            saved.append(result)
            #expect(log.count == saved.count)
        }
        #expect(outcome == .passed)
        #expect(saved.map(\.name) == ["a", "b"])
        let first = try #require(saved.first)
        #expect(first.outcome == .succeeded && first.attempts == 1 && first.output == "out" && first.exitCode == 0)
        #expect(try JSONDecoder().decode(HookResult.self, from: JSONEncoder().encode(first)) == first)
    }

    @Test func aHookIsTriedAgainWithinThePhase() async throws {
        var saved: [HookResult] = []
        let flaky = try hook("flaky", "[ $(wc -l < \(folder.path)/log) -ge 3 ]") { $0.retries = 2 }
        #expect(try await runner([flaky]).run(.sample()) { saved.append($0) } == .passed)
        #expect(saved.map(\.attempts) == [3])
        #expect(saved.first?.outcome == .succeeded)
    }

    @Test func attemptsAreCountedOverAllRunsAndNoneIsRunAfterItSucceeded() async throws {
        var saved: [HookResult] = []
        let hooks = [try hook("a"), try hook("b", "exit 1") { $0.retries = 1 }, try hook("c")]
        let runner = runner(hooks)
        guard case .failed(let failure) = try await runner.run(.sample(), save: { saved.append($0) }) else {
            return #expect(Bool(false), "the phase has to fail")
        }
        #expect(failure.attempts == 2)
        _ = try await runner.run(.sample(), earlier: saved) { saved.append($0) }
        #expect(log == ["a", "b", "b", "b", "b"])
        #expect(saved.map(\.attempts) == [1, 2, 4])
    }

    @Test func aResultThatCannotBeSavedStopsThePhase() async throws {
        struct NotSaved: Error {}
        let runner = runner([try hook("a"), try hook("b")])
        await #expect(throws: NotSaved.self) { try await runner.run(.sample()) { _ in throw NotSaved() } }
        #expect(log == ["a"])
    }

    @Test func skippedHooksAreToldToo() async throws {
        var saved: [HookResult] = []
        let alarm = try hook("alarm") { $0.executionPolicy = .onFailure }
        #expect(try await runner([alarm]).run(.sample()) { saved.append($0) } == .passed)
        #expect(saved.map(\.outcome) == [.skipped])
        #expect(log.isEmpty)
    }

    @Test func whenLeadershipIsLostNothingIsSaved() async throws {
        let hooks = [try hook("slow", "sleep 60"), try hook("next")]
        let runner = runner(hooks)
        let task = Task { try await runner.run(.sample()) { _ in Issue.record("nothing is to be saved") } }
        try await eventually("the hook runs") { log == ["slow"] }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(log == ["slow"])
    }
}
