import AsyncHTTPClient
import Foundation
import Kubernetes
import NIOCore
import NIOHTTP1
import Provisioning
import TestBed
import Testing

/// What a cluster and its people have a controller do, so that together it needs all that it may.
enum Errand: CaseIterable {
    /// A claim is served, grows, and is archived and given back; another cannot be served.
    case claims
    /// The scheduler has chosen a node that cannot reach the export.
    case node
    /// A Job backs an archive up.
    case job
    /// Somebody looks at the reports.
    case page

    /// The one that a right is for.
    init(for right: Right) {
        self =
            switch (right.resource, right.verb) {
            case ("nodes", _), ("persistentvolumeclaims", "patch"): .node
            case ("jobs", _), ("pods", _), ("pods/log", _): .job
            case ("tokenreviews", _), ("subjectaccessreviews", _): .page
            default: .claims
            }
    }
}

extension Scenario {
    /// What a controller that is to run errands is told.
    ///
    /// - Returns: The path of its configuration.
    func errandConfiguration(_ kubelet: PlayedKubelet) throws -> String {
        try configuration(
            """
            topology:
              - export: \(bed.nfsServer):\(share.path())
                labels: {topology.kubernetes.io/zone: [near]}
            hooks:
              - name: tape
                phase: afterArchive
                selector: {claims: {matchLabels: {backup: tape}}}
                job:
                  template:
                    spec:
                      nodeName: \(kubelet.node)
                      containers: [{name: c, image: tape, command: [tape, /data]}]
            reports: {listen: '127.0.0.1:0', insecure: true}
            """
        )
    }

    /// Sends a controller on an errand, and waits until it is done.
    func run(_ errand: Errand, by controller: ControllerProcess, _ kubelet: PlayedKubelet) async throws {
        switch errand {
        case .claims: try await runClaims()
        case .node: try await runNode(kubelet)
        case .job: try await runJob(kubelet)
        case .page: try await runPage(controller)
        }
    }

    private func runClaims() async throws {
        try await createClass("taken", parameters: ["pathPattern": "file"])
        try write("", to: share.appending(path: "file"))
        try await createClaim("refused", class: "taken")
        try await createClass(allowsExpansion: true)
        try await createClaim("data")
        let volume = try await boundVolume(of: "data")
        let larger: JSONValue = ["spec": ["resources": ["requests": ["storage": "2Gi"]]]]
        let key = ObjectKey(namespace: namespace, name: "data")
        _ = try await admin.api(PersistentVolumeClaim.self).patch(key, .merge(larger))
        try await expectEvent("VolumeResizeSuccessful", on: "data", saying: "now has the size 2Gi")
        try await deleteClaim("data")
        try await expectGone(volume)
        try await createClaim("again", annotations: [AnnotationKey.restoreFrom: volume.key.name])
        _ = try await boundVolume(of: "again")
        try await eventually("the refusal is told of a second time") {
            try await events("ProvisioningFailed", on: "refused").contains { ($0.count ?? 1) > 1 }
        }
    }

    private func runNode(_ kubelet: PlayedKubelet) async throws {
        try await createClass("later", bindingMode: .waitForFirstConsumer)
        try await createClaim("far", class: "later", annotations: [AnnotationKey.selectedNode: kubelet.node])
        try await eventually("the choice is taken back") {
            try await claim("far").metadata.annotations?[AnnotationKey.selectedNode] == nil
        }
    }

    private func runJob(_ kubelet: PlayedKubelet) async throws {
        try await createClass("taped")
        try await createClaim("taped", class: "taped", labels: ["backup": "tape"])
        let volume = try await boundVolume(of: "taped")
        try await deleteClaim("taped")
        var job: Job?
        try await eventually("there is a Job") {
            job = try await admin.api(Job.self).page(namespace: namespace).items.first
            return job != nil
        }
        try await kubelet.endPod(of: try #require(job?.key.name), in: namespace, exitCode: 0)
        try await expectGone(volume)
    }

    private func runPage(_ controller: ControllerProcess) async throws {
        try await eventually("reports are served") { controller.log.contains("serving reports") }
        let address = try #require(controller.log.firstMatch(of: /http:\/\/127\.0\.0\.1:\d+/)?.output)
        var request = HTTPClientRequest(url: "\(address)/reports/backups.json")
        request.headers.add(name: "Authorization", value: "Bearer \(try adminToken)")
        try await eventually("the administrator sees them") { [request] in
            try await HTTPClient.shared.execute(request, timeout: .seconds(30)).status == .ok
        }
    }
}
