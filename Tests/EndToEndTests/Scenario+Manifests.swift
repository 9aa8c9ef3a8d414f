import Foundation
import Synchronization
import TestBed
import Testing

extension Scenario {
    /// Lets the API server judge objects as it would when they are applied, field by field; nothing is changed.
    ///
    /// - Throws: ``Failure`` with what it refuses.
    func expectAccepted(_ yaml: String, in namespace: String) async throws {
        try await defineCustomResources()
        let versions = try await kubectl(["api-versions"]).split(separator: "\n")
        let (apply, create) = (
            ["apply", "--namespace", namespace, "--dry-run=server", "-f", "-"],
            ["create", "--namespace", namespace, "--dry-run=client", "--validate=true", "-f", "-"]
        )
        if versions.contains("policy/v1") {
            try await kubectl(
                apply,
                input: yaml.replacing("apiVersion: policy/v1beta1\n", with: "apiVersion: policy/v1\n")
            )
            return
        }
        // Before Kubernetes 1.21 there are betas of two kinds only, with the same fields. And Debian's 1.20, made with a Go
        // that is too new for it, dies of any custom resource: kubectl compares those with the schema that it serves.
        let known = yaml.replacing("apiVersion: policy/v1\n", with: "apiVersion: policy/v1beta1\n")
            .replacing("apiVersion: batch/v1\nkind: CronJob", with: "apiVersion: batch/v1beta1\nkind: CronJob")
        let objects = known.split(separator: /(?m)^---\n/)
        let custom = objects.filter { $0.contains(/(?m)^apiVersion: (cert-manager\.io|monitoring\.coreos\.com)\//) }
        let own = objects.filter { !custom.contains($0) }
        try await kubectl(apply, input: own.joined(separator: "---\n"))
        if !custom.isEmpty { try await kubectl(create, input: custom.joined(separator: "---\n")) }
    }

    /// Once for all tests: two that apply a new object at the same moment get in each other's way.
    private static let definitions = Mutex<Task<Void, any Error>?>(nil)

    private func defineCustomResources() async throws {
        let definition = Self.definitions.withLock { definition in
            let first = definition ?? Task { try await self.applyDefinitions() }
            definition = first
            return first
        }
        try await definition.value
    }

    private func applyDefinitions() async throws {
        try await kubectl(["apply", "-f", ManifestTools.repository.appending(path: "Tests/Fixtures/crds.yaml").path()])
        try await kubectl([
            "wait", "--for", "condition=established", "crd/certificates.cert-manager.io", "crd/issuers.cert-manager.io",
            "crd/servicemonitors.monitoring.coreos.com", "crd/prometheusrules.monitoring.coreos.com",
        ])
    }
}
