import Kubernetes
import Provisioning
import TestBed
import Testing

@testable import Backup

@Suite("Jobs as hooks", .timeLimit(.minutes(10)))
struct JobActionTests {
    private func hook(_ node: String? = nil, mistake: JSONValue? = nil) -> JobHook {
        var pod: JSONValue = ["containers": [["name": "c", "image": "backup:1"]]]
        pod["nodeName"] = node.map { .string($0) }
        pod["volumes"] = mistake
        return JobHook(spec: ["template": ["spec": pod]])
    }

    private func action(_ client: KubernetesClient, _ namespace: String) -> JobAction {
        JobAction(client: client, namespace: namespace, pause: .milliseconds(50))
    }

    private func jobs(_ client: KubernetesClient, _ namespace: String) async throws -> [Job] {
        try await client.api(Job.self).page(namespace: namespace).items
    }

    /// In a namespace of its own, on a node whose logs are `log`.
    private func withCluster(
        log: String = "line",
        _ body: (KubernetesClient, String, PlayedKubelet) async throws -> Void
    ) async throws {
        let client = try Cluster.client()
        try await Cluster.withNamespace(client) { namespace in
            try await PlayedKubelet.withNode(client, log: log) { kubelet in
                try await body(client, namespace, kubelet)
            }
        }
        try await client.shutdown()
    }

    @Test(arguments: [(0, HookResult.Outcome.succeeded), (3, .failed)] as [(Int64, HookResult.Outcome)])
    func aJobIsWatchedToItsEndWithExitCodeAndLog(exitCode: Int64, outcome: HookResult.Outcome) async throws {
        try await withCluster(log: "copying\nended\n") { client, namespace, kubelet in
            let action = action(client, namespace)
            let hook = hook(kubelet.node)
            async let attempt = action.attempt(hook, .sample, number: 1, timeout: .seconds(60))
            try await kubelet.endPod(of: JobManifest.name(.sample, number: 1), in: namespace, exitCode: exitCode)
            let result = try await attempt
            #expect(result.outcome == outcome, "\(result)")
            #expect(result.exitCode == Int(exitCode))
            #expect(result.output == "copying\nended")
            #expect(kubelet.requests.first?.contains("tailLines=50") ?? false)
            let job = try #require(try await jobs(client, namespace).first)
            #expect(job.spec?["activeDeadlineSeconds"] == 60)
            #expect(job.spec?["template"]?["spec"]?["volumes"]?.elements.last?["nfs"]?["server"] == "nas1")
        }
    }

    @Test func aRestartFindsTheRunningJobAgain() async throws {
        try await withCluster { client, namespace, kubelet in
            let action = action(client, namespace)
            let hook = hook(kubelet.node)
            let first = Task { try await action.attempt(hook, .sample, number: 1, timeout: .seconds(60)) }
            try await eventually("the Job is made") { try await jobs(client, namespace).count == 1 }
            first.cancel()
            await #expect(throws: CancellationError.self) { try await first.value }
            #expect(try await jobs(client, namespace).count == 1, "it is left running")
            async let second = action.attempt(hook, .sample, number: 1, timeout: .seconds(60))
            try await kubelet.endPod(of: JobManifest.name(.sample, number: 1), in: namespace, exitCode: 0)
            #expect(try await second.outcome == .succeeded)
            #expect(try await action.attempt(hook, .sample, number: 1, timeout: .seconds(60)).outcome == .succeeded)
            #expect(try await jobs(client, namespace).count == 1)
        }
    }

    @Test func theClusterEndsAJobAtItsTimeout() async throws {
        try await withCluster { client, namespace, kubelet in
            let hook = hook(kubelet.node)
            let attempt = try await action(client, namespace).attempt(hook, .sample, number: 1, timeout: .seconds(1))
            #expect(attempt.outcome == .timedOut)
            #expect(attempt.message.contains("did not end within 1s"))
        }
    }

    @Test func aTemplateTheAPIServerRefusesIsOneSentence() async throws {
        try await withCluster { client, namespace, kubelet in
            let hook = hook(kubelet.node, mistake: [["name": "Not A Name", "emptyDir": [:]]])
            let attempt = try await action(client, namespace).attempt(hook, .sample, number: 1, timeout: .seconds(5))
            #expect(attempt.outcome == .failed)
            #expect(attempt.message.contains("POST jobs/") && attempt.message.contains("Not A Name"), "\(attempt)")
        }
    }

    @Test func aStrangersJobOfThatNameIsNotTaken() async throws {
        try await withCluster { client, namespace, kubelet in
            let hook = hook(kubelet.node)
            var stranger = JobManifest(hook, .sample, number: 1, timeout: .seconds(60), namespace: namespace).job
            stranger.metadata.annotations = nil
            _ = try await client.api(Job.self).create(stranger)
            let attempt = try await action(client, namespace).attempt(hook, .sample, number: 1, timeout: .seconds(5))
            #expect(attempt.outcome == .failed)
            #expect(attempt.message.contains("another Job has this name"))
        }
    }

    @Test func aJobThatIsDeletedIsAFailure() async throws {
        try await withCluster { client, namespace, kubelet in
            let action = action(client, namespace)
            let hook = hook(kubelet.node)
            async let attempt = action.attempt(hook, .sample, number: 1, timeout: .seconds(60))
            let key = ObjectKey(namespace: namespace, name: JobManifest.name(.sample, number: 1))
            try await eventually("the Job is made") { try await jobs(client, namespace).count == 1 }
            try await client.api(Job.self).delete(key)
            #expect(try await attempt.outcome == .failed)
        }
    }
}
