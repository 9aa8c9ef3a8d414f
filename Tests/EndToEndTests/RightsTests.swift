import Foundation
import Kubernetes
import TestBed
import Testing

@testable import Commands

@Suite("The rights that the manifests give the controller", .timeLimit(.minutes(10)))
struct RightsTests {
    @Test(
        "It uses every one of them, and is denied nothing that it asks for; nor is doctor: the API server's audit log"
    )
    func audited() async throws {
        try await Scenario.run { scenario in
            let account = "controller-\(scenario.id)"
            let kubeconfig = try await scenario.account(account, in: AuditedRequest.namespace, with: Right.needed)
            try await withController(kubeconfig, scenario) { controller, kubelet, configuration in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for errand in Errand.allCases {
                        group.addTask { try await scenario.run(errand, by: controller, kubelet) }
                    }
                    try await group.waitForAll()
                }
                controller.signal(SIGTERM)
                try await eventually("the controller has ended") { !controller.isRunning }
                let requests = try AuditedRequest.all(of: account, on: scenario.bed)
                let used = Set(requests.compactMap { $0.right(by: scenario.role(of: account)) })
                #expect(Right.needed.subtracting(used) == [], "given, and never used")
                #expect(used.subtracting(Right.needed) == [])

                let result = try await scenario.doctor(
                    ["--config", configuration, "--output", "json"],
                    ["KUBECONFIG": kubeconfig, "POD_NAMESPACE": scenario.namespace]
                )
                let diagnosis = try JSONDecoder().decode(Diagnosis.self, from: Data(result.output.utf8))
                let rights = diagnosis.checks.filter { $0.id == .right }
                #expect(rights.count == RequiredAccess.all.count && rights.allSatisfy { $0.result == .ok })

                // Who one is everybody may ask, since there is that question: from Kubernetes 1.28 on.
                let denied = try AuditedRequest.all(of: account, on: scenario.bed).filter(\.isDenied)
                    .filter { $0.objectRef?.resource != "selfsubjectreviews" }
                #expect(denied.map { "\($0.verb) \($0.requestURI)" } == [])
            }
        }
    }

    @Test(
        "Without any one of them something fails, the log names it, and doctor names it and no other",
        arguments: Right.needed.sorted { $0.testDescription < $1.testDescription }
    )
    func needed(right: Right) async throws {
        try await Scenario.run { scenario in
            let kubeconfig = try await scenario.account("controller", with: Right.needed.subtracting([right]))
            try await withController(kubeconfig, scenario) { controller, kubelet, _ in
                async let _ = scenario.run(Errand(for: right), by: controller, kubelet)
                try await eventually("the log says: \(right.refusal)", within: .seconds(180)) {
                    controller.log.replacing("\\", with: "").contains(right.refusal)
                }
            }
            let missing = try await missingRights(kubeconfig, scenario)
            let what = RequiredAccess.all.first { Right.all(in: $0).contains(right) }
            let name = what?.description(namespace: scenario.namespace) ?? ""
            #expect(missing.count == 1 && missing[0].hasPrefix("may not \(right.verb) \(name): "), "\(missing)")
        }
    }

    @Test("The daily report uses every right that it has, is denied nothing, and is no success without any one of them")
    func report() async throws {
        let rights = Set(try RoleManifest.all("manifests/monitoring/report.yaml").flatMap(\.rights))
        try await Scenario.run { scenario in
            func report(_ kubeconfig: String) async throws -> Scenario.ProgramResult {
                try await scenario.run(
                    ["report", "backups", "--fail-on", "failed,missing,overdue"],
                    ["KUBECONFIG": kubeconfig]
                )
            }
            let controller = try scenario.startController()
            try await scenario.createClass()
            try await scenario.createClaim("data")
            _ = try await scenario.boundVolume(of: "data")
            let account = "report-\(scenario.id)"
            let result = try await report(
                scenario.account(account, in: AuditedRequest.namespace, with: rights)
            )
            #expect(result.code == 0, "\(result.error)")
            let requests = try AuditedRequest.all(of: account, on: scenario.bed)
            #expect(Set(requests.compactMap { $0.right(by: scenario.role(of: account)) }) == rights)
            #expect(requests.filter(\.isDenied).isEmpty)
            for (number, right) in rights.enumerated() {
                let kubeconfig = try await scenario.account("without-\(number)", with: rights.subtracting([right]))
                let result = try await report(kubeconfig)
                #expect(result.code == 1 && !result.error.isEmpty, "\(right): \(result)")
            }
            withExtendedLifetime(controller) {}
        }
    }

    /// Runs a controller under an account, and ends it.
    private func withController(
        _ kubeconfig: String,
        _ scenario: Scenario,
        _ body: (ControllerProcess, PlayedKubelet, _ configuration: String) async throws -> Void
    ) async throws {
        try await PlayedKubelet.withNode(scenario.admin, log: "saved\n") { kubelet in
            let configuration = try scenario.errandConfiguration(kubelet)
            let controller = try scenario.startController(
                ["KUBECONFIG": kubeconfig, "POD_NAMESPACE": scenario.namespace],
                configuration: configuration
            )
            try await body(controller, kubelet, configuration)
        }
    }

    /// What `doctor` says of the rights that an account has not.
    private func missingRights(_ kubeconfig: String, _ scenario: Scenario) async throws -> [String] {
        let client = try Cluster.client(kubeconfig: kubeconfig)
        var sentences: [String] = []
        for access in RequiredAccess.all {
            let sight = await AccessObservation.look(at: access, namespace: scenario.namespace, client)
            let check = sight.check(namespace: scenario.namespace)
            if check.result != .ok { sentences.append(check.sentence) }
        }
        try await client.shutdown()
        return sentences
    }
}
