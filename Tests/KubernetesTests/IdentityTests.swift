import Foundation
import Logging
import NIOHTTP1
import NIOSSL
import TestBed
import Testing

@testable import Kubernetes

@Suite("The client's identity and the API server", .timeLimit(.minutes(10)))
struct IdentityTests {
    /// The error of the cheapest request.
    private func failure(_ client: KubernetesClient) async -> KubernetesError? {
        do {
            _ = try await client.api(PersistentVolume.self).page(limit: 1)
            return nil
        } catch {
            return error
        }
    }

    @Test func aTokenAndACertificateAreBothTaken() async throws {
        let bed = try TestBed.current()
        for kubeconfig in [bed.kubeconfig, bed.certificateKubeconfig] {
            let client = try Cluster.client(kubeconfig: kubeconfig)
            #expect(try await client.serverVersion().gitVersion.hasPrefix("v"))
            #expect(await failure(client) == nil)
        }
    }

    @Test func aPodUsesTheFilesOfItsServiceAccount() async throws {
        let bed = try TestBed.current()
        let controller = try ClusterConfiguration.load(kubeconfig: bed.controllerKubeconfig, environment: [:])
        guard case .token(.bytes(let token)) = controller.credential,
            case .bytes(let authority) = controller.certificateAuthority
        else {
            Issue.record("the bed's controller has no token, or no authority, in its kubeconfig")
            return
        }
        let folder = try TemporaryFolder()
        try folder.write("token", String(decoding: token, as: UTF8.self))
        try folder.write("ca.crt", String(decoding: authority, as: UTF8.self))
        let server = try #require(URLComponents(string: bed.apiServer))
        let environment = try [
            "KUBERNETES_SERVICE_HOST": #require(server.host), "KUBERNETES_SERVICE_PORT": "\(#require(server.port))",
        ]
        let configuration = try ClusterConfiguration.inCluster(environment: environment, folder: folder.path)
        let client = KubernetesClient(configuration: try #require(configuration), logger: Logger(label: "test"))
        #expect(await failure(client) == nil)
    }

    @Test func theControllersServiceAccountMayDoItsWorkAndNoMore() async throws {
        let client = try Cluster.client(kubeconfig: TestBed.current().controllerKubeconfig)
        #expect(await failure(client) == nil)
        do {
            _ = try await client.api(ConfigMap.self).get(ObjectKey(namespace: "kube-system", name: "x"))
            Issue.record("was allowed")
        } catch {
            #expect(error.code == .forbidden)
            #expect(
                error.description.hasPrefix(
                    "GET configmaps/kube-system/x: forbidden: configmaps \"x\" is forbidden: User"
                )
            )
        }
    }

    @Test func aWrongTokenIsUnauthorizedAndIsNotToldToAnyone() async throws {
        let client = try Cluster.client { $0.credential = .token(.bytes(Array("wr0ng-s3cret".utf8))) }
        let error = try #require(await failure(client))
        #expect(error.code == .unauthorized)
        #expect(!error.description.contains("s3cret"))
        #expect(!error.description.contains("Bearer"))
    }

    @Test func aConfigurationCanBePrintedWithoutItsSecrets() throws {
        var configuration = try ClusterConfiguration(server: "https://h")
        configuration.credential = .token(.bytes(Array("s3cret".utf8)))
        configuration.clientCertificate = ClientCertificate(chain: .file("/c"), key: .bytes(Array("s3cret".utf8)))
        var plugin = ExecPlugin(version: .v1, command: "login")
        plugin.environment = ["KEY": "s3cret"]
        for text in ["\(configuration)", "\(plugin)", "\(Credential.exec(plugin))"] {
            #expect(!text.contains("s3cret"))
            #expect(!text.contains("115, 51, 99"))
        }
    }

    @Test func aServerOfAnotherAuthorityIsNotTalkedTo() async throws {
        let client = try Cluster.client { $0.certificateAuthority = nil }
        let error = try #require(await failure(client))
        #expect(error.code == .connection)
        #expect(
            error.description
                == "LIST persistentvolumes: connect to \(try TestBed.current().apiServer): the server's certificate is not signed by the "
                + "configured certificate authority"
        )
    }

    @Test func verificationCanBeSwitchedOff() async throws {
        let client = try Cluster.client {
            $0.certificateAuthority = nil
            $0.skipsTLSVerification = true
        }
        #expect(await failure(client) == nil)
    }

    @Test func theCertificateMustBeForTheAddressOrTheNameAsked() async throws {
        // The API server's own certificate at an address it is not for.
        let pki = try TestBed.current().folder + "/pki"
        let tls = try TLSConfiguration.makeServerConfiguration(
            certificateChain: NIOSSLCertificate.fromPEMFile(pki + "/server.crt").map { .certificate($0) },
            privateKey: .privateKey(NIOSSLPrivateKey(file: pki + "/server.key", format: .pem))
        )
        let empty = ScriptedServer.Step.answer(.ok, body: #"{"metadata":{"resourceVersion":"1"},"items":[]}"#)
        let server = try await ScriptedServer.start([empty], host: "127.0.0.2", tls: tls)
        for name in [nil, "elsewhere.example"] {
            let wrong = try Cluster.client {
                $0.server = server.address
                $0.tlsServerName = name
            }
            let error = try #require(await failure(wrong))
            #expect(error.code == .connection)
            #expect(error.description.contains("the server's certificate is not for that address; set tls-server-name"))
        }
        let right = try Cluster.client {
            $0.server = server.address
            $0.tlsServerName = "kubernetes.default.svc"
        }
        #expect(await failure(right) == nil)
    }

    @Test func noServerIsOneSentence() async throws {
        let client = try Cluster.client { $0.server = "https://127.0.0.1:1" }
        let error = try #require(await failure(client))
        #expect(error.code == .connection)
        #expect(
            error.description == "LIST persistentvolumes: connect to https://127.0.0.1:1: connection refused; "
                + "is the API server running and the address right?"
        )
    }

    @Test func aNameNobodyKnowsIsOneSentence() async throws {
        let client = try Cluster.client { $0.server = "https://nowhere.invalid:6443" }
        let error = try #require(await failure(client))
        #expect(error.code == .connection)
        #expect(error.description.contains("the host name cannot be resolved; is the address right?"))
    }

    @Test func aPortWithoutTLSIsOneSentence() async throws {
        let plain = try TestBed.current().etcd.replacingOccurrences(of: "http:", with: "https:")
        let client = try Cluster.client { $0.server = plain }
        var error = try #require(await failure(client))
        // The server answers in plain text and hangs up; on a busy machine its hanging up may come first.
        try await eventually("its answer is read") {
            if error.code == .connectionLost { error = try #require(await failure(client)) }
            return error.code != .connectionLost
        }
        #expect(error.code == .connection)
        #expect(
            error.description == "LIST persistentvolumes: connect to \(plain): the TLS handshake fails; "
                + "is the address right, and does that port speak TLS?"
        )
    }

    @Test func aProgramsTokenAndItsCertificateAreBothTaken() async throws {
        let bed = try TestBed.current()
        let folder = try TemporaryFolder()
        let admin = try ClusterConfiguration.load(kubeconfig: bed.kubeconfig, environment: [:])
        guard case .token(.bytes(let token)) = admin.credential else {
            Issue.record("the bed's administrator has no token")
            return
        }
        let certificate = try ClusterConfiguration.load(kubeconfig: bed.certificateKubeconfig, environment: [:])
        let identity = try #require(certificate.clientCertificate)
        guard case .bytes(let chain) = identity.chain, case .bytes(let key) = identity.key else {
            Issue.record("the bed's certificate is not in its kubeconfig")
            return
        }
        let statuses: [[String: String]] = [
            ["token": String(decoding: token, as: UTF8.self)],
            [
                "clientCertificateData": String(decoding: chain, as: UTF8.self),
                "clientKeyData": String(decoding: key, as: UTF8.self),
            ],
        ]
        for (index, status) in statuses.enumerated() {
            let answer = try JSONSerialization.data(withJSONObject: [
                "apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": status,
            ])
            try folder.write("answer-\(index)", String(decoding: answer, as: UTF8.self))
            let script = try folder.write(
                "login-\(index)",
                "#!/bin/sh\ncat \(folder.path)/answer-\(index)\n",
                mode: 0o700
            )
            let client = try Cluster.client {
                $0.credential = .exec(ExecPlugin(version: .v1, command: script))
                $0.clientCertificate = nil
            }
            #expect(await failure(client) == nil)
        }
    }
}
