import Foundation
import Kubernetes
import TestBed
import Testing

@Suite("What kubectl takes, the client takes, and what it refuses, the client refuses")
struct KubectlComparisonTests {
    @Test("A kubeconfig leads both to the API server, or neither")
    func kubeconfigs() async throws {
        let kubectl = try await ManifestTools().kubectl
        let bed = try TestBed.current()
        #expect(KubeconfigCase.all.count > 100)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, one) in KubeconfigCase.all.enumerated() {
                if index >= 4 { try await group.next() }
                group.addTask { try await Self.compare(one, kubectl, bed) }
            }
            try await group.waitForAll()
        }
    }

    private static func compare(_ one: KubeconfigCase, _ kubectl: String, _ bed: TestBed) async throws {
        let folder = try TemporaryFolder()
        if let text = try one.filled(from: bed) { try folder.write("config", text) }
        try FileManager.default.copyItem(atPath: bed.folder + "/pki/ca.crt", toPath: folder.path + "/ca-copy.crt")
        let token = try KubeconfigCase(description: "", text: "$TOKEN").filled(from: bed) ?? ""
        try folder.write("token-file", token + "\n")
        try folder.write("empty-file", "")
        // Answers in the version that it is asked in.
        let plugin = #"""
            #!/bin/sh
            version=$(printf %s "$KUBERNETES_EXEC_INFO" | grep -o 'client.authentication.k8s.io[^"]*' | tr -d '\')
            printf '{"apiVersion":"%s","kind":"ExecCredential","status":{"token":"%s"}}' "$version" "$TOKEN"
            """#
        try folder.write("plugin", plugin.replacing("$TOKEN", with: token))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path + "/plugin")
        let path = folder.path + "/config"
        let theirs = try await ManifestTools.run(
            kubectl,
            ["--kubeconfig", path, "--cache-dir", folder.path + "/cache", "--request-timeout=5s"]
                + ["get", "--raw", "/api/v1/persistentvolumes?limit=1"]
        )
        let ours = await refusal(path)
        if let reason = one.refusedBecause {
            #expect(theirs.succeeded && ours?.contains(reason) == true, "\(one): \(ours ?? "taken")")
        } else {
            #expect(theirs.succeeded == (ours == nil), "\(one): kubectl: \(theirs.error) client: \(ours ?? "takes it")")
        }
    }

    /// - Returns: Why the client does not get to the API server; nil if it does.
    private static func refusal(_ path: String) async -> String? {
        do {
            var limits = ClientLimits()
            limits.attempts = 1
            let client = try Cluster.client(kubeconfig: path, limits: limits)
            var refusal: String?
            do { _ = try await client.api(PersistentVolume.self).page(limit: 1) } catch { refusal = "\(error)" }
            try await client.shutdown()
            return refusal
        } catch {
            return "\(error)"
        }
    }
}
