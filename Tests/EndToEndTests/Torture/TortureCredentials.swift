import Foundation
import Kubernetes
import Synchronization
import TestBed

/// What the controller and its API server prove themselves with: both can be changed while it works.
final class TortureCredentials: Sendable {
    private let bed: TortureBed
    private let generation = Mutex(0)

    init(_ bed: TortureBed) {
        self.bed = bed
    }

    private func next() -> Int {
        generation.withLock { generation in
            generation += 1
            return generation
        }
    }

    private var tokenFile: URL { bed.folder.appending(path: "token") }

    /// The controller's kubeconfig: through the way that can be broken, with a token in a file.
    func writeKubeconfig() async throws {
        try await rotateToken()
        let text = try String(contentsOfFile: bed.bed.controllerKubeconfig, encoding: .utf8)
            .replacing(#/token: [^}]+/#, with: "tokenFile: \(tokenFile.path())")
            .replacing(bed.bed.apiServer, with: bed.api.address)
        let file = bed.folder.appending(path: "controller.kubeconfig")
        try text.write(to: file, atomically: true, encoding: .utf8)
    }

    /// Writes another token, and has the API server refuse the one before: each is bound to a secret of its own.
    func rotateToken() async throws {
        let number = next()
        let namespace = bed.bed.podNamespace
        func secret(_ number: Int) -> String { "token-\(bed.scenario.id)-\(number)" }
        let uid = try await bed.insist(on: "a secret for the token is made") {
            _ = try? await bed.scenario.kubectl([
                "create", "secret", "generic", secret(number), "--namespace", namespace,
            ])
            return try await bed.scenario.kubectl([
                "get", "secret", secret(number), "--namespace", namespace, "--output", "jsonpath={.metadata.uid}",
            ])
        }
        let request = """
            {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {"expirationSeconds": 36000,
            "boundObjectRef": {"kind": "Secret", "apiVersion": "v1", "name": "\(secret(number))", "uid": "\(uid)"}}}
            """
        let answer = try await bed.insist(on: "a token is made") {
            try await bed.scenario.kubectl(
                [
                    "create", "--raw", "/api/v1/namespaces/\(namespace)/serviceaccounts/sb-nfs-provisioner/token", "-f",
                    "-",
                ],
                input: request
            )
        }
        struct TokenRequest: Decodable {
            struct Status: Decodable { let token: String }
            let status: Status
        }
        let token = try JSONDecoder().decode(TokenRequest.self, from: Data(answer.utf8)).status.token
        try token.write(to: tokenFile, atomically: true, encoding: .utf8)
        _ = try? await bed.scenario.kubectl([
            "delete", "secret", secret(number - 1), "--namespace", namespace, "--ignore-not-found",
        ])
    }

    /// The API server shows another certificate of the same authority.
    func changeCertificate() async throws {
        let pki = bed.bed.folder + "/pki"
        let file = bed.folder.appending(path: "server-\(next())").path()
        let configuration = bed.folder.appending(path: "openssl.cnf").path()
        try "[req]\ndistinguished_name=none\n[none]\n".write(toFile: configuration, atomically: true, encoding: .utf8)
        let result = try await bed.run([
            "openssl", "req", "-x509", "-config", configuration, "-newkey", "ec", "-pkeyopt",
            "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30", "-subj", "/CN=kube-apiserver", "-addext",
            "extendedKeyUsage=serverAuth", "-addext", "subjectAltName=IP:127.0.0.1", "-CA", pki + "/ca.crt", "-CAkey",
            pki + "/ca.key", "-keyout", file + ".key", "-out", file + ".crt",
        ])
        guard result.code == 0 else { throw Scenario.Failure(description: "openssl: \(result.error)") }
        try bed.api.show(certificate: file + ".crt", key: file + ".key")
    }
}
