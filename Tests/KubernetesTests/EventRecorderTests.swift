import Foundation
import Kubernetes
import Logging
import TestBed
import Testing

@Suite("Events on a real API server", .timeLimit(.minutes(10)))
struct EventRecorderTests {
    private let client: KubernetesClient

    init() throws {
        // As the controller itself: the manifests' RBAC must be enough.
        client = try Cluster.client(kubeconfig: TestBed.current().controllerKubeconfig)
    }

    private func recorder() -> EventRecorder {
        EventRecorder(client: client, component: "p/q_pod_id", instance: "pod", logger: Logger(label: "test"))
    }

    /// The events on an object, as the administrator sees them.
    private func events(on uid: String, in namespace: String) async throws -> [Event] {
        let events = try Cluster.client().api(Event.self)
        let page = try await events.page(namespace: namespace, fieldSelector: "involvedObject.uid=\(uid)")
        return page.items
    }

    @Test func aRepeatIsCountedAndOtherWordsAreAnotherEvent() async throws {
        let recorder = recorder()
        try await Cluster.withNamespace(Cluster.client()) { namespace in
            let uid = UUID().uuidString.lowercased()
            let claim = ObjectReference(
                apiVersion: "v1",
                kind: "PersistentVolumeClaim",
                namespace: namespace,
                name: "c",
                uid: uid
            )
            for _ in 0..<3 {
                await recorder.record(on: claim, type: .normal, reason: "Provisioning", message: "begins")
            }
            await recorder.record(on: claim, type: .warning, reason: "ProvisioningFailed", message: "fails")

            let seen = try await events(on: uid, in: namespace)
            #expect(Set(seen.map(\.reason)) == ["Provisioning", "ProvisioningFailed"])
            let repeated = try #require(seen.first { $0.reason == "Provisioning" })
            #expect(repeated.count == 3)
            #expect(repeated.type == .normal)
            #expect(repeated.message == "begins")
            #expect(repeated.source?.component == "p/q_pod_id")
            #expect(repeated.reportingInstance == "pod")
            #expect(repeated.involvedObject == claim)
        }
    }

    @Test func anEventOnAVolumeStandsInDefault() async throws {
        let uid = UUID().uuidString.lowercased()
        let volume = ObjectReference(apiVersion: "v1", kind: "PersistentVolume", name: "pvc-\(uid)", uid: uid)
        await recorder().record(on: volume, type: .warning, reason: "VolumeFailedDelete", message: "m")
        let seen = try await events(on: uid, in: "default")
        #expect(seen.map(\.reason) == ["VolumeFailedDelete"])
        for event in seen { try await Cluster.client().api(Event.self).delete(event.key) }
    }

    @Test func aRepeatOfAnEventTheClusterDroppedIsMadeAnew() async throws {
        let recorder = recorder()
        try await Cluster.withNamespace(Cluster.client()) { namespace in
            let uid = UUID().uuidString.lowercased()
            let claim = ObjectReference(kind: "PersistentVolumeClaim", namespace: namespace, name: "c", uid: uid)
            await recorder.record(on: claim, type: .normal, reason: "R", message: "m")
            let first = try #require(try await events(on: uid, in: namespace).first)
            try await Cluster.client().api(Event.self).delete(first.key)
            await recorder.record(on: claim, type: .normal, reason: "R", message: "m")
            let second = try #require(try await events(on: uid, in: namespace).first)
            #expect(second.key != first.key)
            #expect(second.count == 1)
        }
    }

    @Test func aServerThatIsNotThereCostsNoMoreThanALogLine() async throws {
        let nowhere = try Cluster.client { $0.server = "https://127.0.0.1:1" }
        let recorder = EventRecorder(client: nowhere, component: "p", instance: "i", logger: Logger(label: "test"))
        await recorder.record(on: ObjectReference(name: "v"), type: .normal, reason: "R", message: "m")
    }
}
