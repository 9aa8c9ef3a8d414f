import Foundation
import Kubernetes
import TestBed
import Testing

@testable import Commands

@Suite("The manifests and their overlays")
struct OverlayTests {
    private static let confined = [
        "base", "overlays/prometheus", "overlays/reports-ingress", "overlays/reports-nodeport",
        "overlays/second-export", "overlays/takeover", "site",
    ]
    private static let all = confined + ["overlays/before-1.22"]

    @Test("Every folder of overlays is tested here")
    func complete() throws {
        let folder = ManifestTools.repository.appending(path: "manifests/overlays")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path()).map { "overlays/\($0)" }
        #expect(Set(names + ["base", "site"]) == Set(Self.all))
    }

    @Test("The API server accepts every object of each", arguments: all)
    func accepted(name: String) async throws {
        let yaml = try await ManifestTools().kustomize(name)
        try await Scenario.run { scenario in
            try await scenario.expectAccepted(yaml, in: scenario.bed.podNamespace)
        }
    }

    @Test(
        "It refuses fields that no version has: a misspelt one is found",
        arguments: [
            ("overlays/prometheus", "honorLabels", "honourLabels"),
            ("base", "maxUnavailable: 1\n  sel", "max: 1\n  sel"),
            ("overlays/reports-nodeport", "secretName", "secret"),
        ]
    )
    func misspelt(name: String, right: String, wrong: String) async throws {
        let yaml = try await ManifestTools().kustomize(name)
        #expect(yaml.contains(right))
        try await Scenario.run { scenario in
            // What a CRD says is known to validation some seconds after the CRD itself.
            try await eventually("it is refused") {
                do {
                    let misspelt = yaml.replacing(right, with: wrong)
                    try await scenario.expectAccepted(misspelt, in: scenario.bed.podNamespace)
                    return false
                } catch is Scenario.Failure {
                    return true
                }
            }
        }
    }

    @Test(
        "An old kubectl builds the same objects as a current one",
        arguments: ["base", "overlays/before-1.22"]
    )
    func builders(name: String) async throws {
        let old = try await ManifestTools.kustomize(name, with: TestBed.current().kubectl)
        let new = try await ManifestTools().kustomize(name)
        #expect(try Manifest.byName(unhashed(old)) == Manifest.byName(unhashed(new)))
    }

    @Test("Objects that others refer to exist", arguments: all)
    func references(name: String) async throws {
        let objects = try Manifest.all(try await ManifestTools().kustomize(name))
        let names = Set(objects.map { "\($0.kind) \($0.name)" })
        // Made by cert-manager, or by the admin as docs/web-page.md says.
        let made = objects.compactMap { $0["spec", "secretName"]?.text } + ["sb-nfs-provisioner-reports-tls"]
        let pods = objects.compactMap(\.podSpec)
        #expect(!pods.isEmpty)
        for pod in pods {
            #expect(names.contains("ServiceAccount \(pod["serviceAccountName"]?.text ?? "")"))
            for source in pod["containers", "0", "envFrom"]?.elements ?? [] {
                #expect(names.contains("ConfigMap \(source["configMapRef", "name"]?.text ?? "")"))
            }
            for source in pod["volumes", "0", "projected", "sources"]?.elements ?? [] {
                if let secret = source["secret", "name"]?.text {
                    #expect(made.contains(secret) || names.contains("Secret \(secret)"))
                }
                if let map = source["configMap", "name"]?.text { #expect(names.contains("ConfigMap \(map)")) }
            }
        }
        let deployment = try #require(objects.first { $0.kind == "Deployment" })
        let labels = try #require(deployment["spec", "template", "metadata", "labels"])
        let ports = (deployment.podSpec?["containers", "0", "ports"]?.elements ?? []).compactMap { $0["name"]?.text }
        for object in objects where object.kind == "Service" {
            #expect(object["spec", "selector"] == labels)
            for port in object["spec", "ports"]?.elements ?? [] {
                #expect(ports.contains(port["targetPort"]?.text ?? ""))
            }
        }
        let budget = try #require(objects.first { $0.kind == "PodDisruptionBudget" })
        #expect(budget["spec", "selector", "matchLabels"] == labels)
    }

    @Test("Pods are what Pod Security calls restricted, and the namespace enforces that", arguments: confined)
    func podSecurity(name: String) async throws {
        let objects = try Manifest.all(try await ManifestTools().kustomize(name))
        #expect(enforced(objects) == "restricted")
        for pod in objects.compactMap(\.podSpec) {
            #expect(pod["securityContext", "runAsNonRoot"] == true && pod["securityContext", "runAsUser"] == 65532)
            #expect(
                pod["securityContext", "sysctls"] == [["name": "net.ipv4.ip_unprivileged_port_start", "value": "0"]]
            )
            #expect(capabilities(pod) == ["drop": ["ALL"]])
            expectConfined(pod)
        }
    }

    @Test("Before 1.22 the only extra right is to bind low ports, which the user root needs: baseline")
    func baseline() async throws {
        let objects = try Manifest.all(try await ManifestTools().kustomize("overlays/before-1.22"))
        #expect(enforced(objects) == "baseline")
        let pod = try #require(objects.compactMap(\.podSpec).first)
        #expect(pod["securityContext", "runAsUser"] == 0 && pod["securityContext", "sysctls"] == nil)
        #expect(capabilities(pod) == ["add": ["NET_BIND_SERVICE"], "drop": ["ALL"]])
        expectConfined(pod)
    }

    @Test("The policy lets the controller reach API server, DNS and NFS, and be reached on its two ports; nothing else")
    func network() async throws {
        let objects = try Manifest.byName(try await ManifestTools().kustomize("base"))
        let policy = try #require(objects["NetworkPolicy sb-nfs-provisioner"])
        func ports(_ rules: JSONValue?) -> [[String]] {
            (rules?.elements ?? []).map { rule in
                #expect(rule.fields.keys.elementsEqual(["ports"]))
                return (rule["ports"]?.elements ?? []).map { port in
                    guard case .integer(let number) = port["port"] else { return "" }
                    return "\(port["protocol"]?.text ?? "") \(number)"
                }
            }
        }
        #expect(policy["spec", "policyTypes"] == ["Ingress", "Egress"])
        #expect(ports(policy["spec", "ingress"]) == [["TCP 8080", "TCP 8443"]])
        #expect(
            ports(policy["spec", "egress"]) == [
                ["TCP 443", "TCP 6443"], ["UDP 53", "TCP 53"], ["TCP 111", "TCP 2049", "TCP 20048"],
            ]
        )
    }

    @Test("With the configuration of the report overlays the page is served")
    func reports() async throws {
        let objects = try Manifest.byName(try await ManifestTools().kustomize("overlays/reports-ingress"))
        let text = try #require(objects["ConfigMap sb-nfs-provisioner-config"]?["data", "config.yaml"]?.text)
        try await Scenario.run { scenario in
            let pki = scenario.bed.folder + "/pki/server."
            let configuration = text.replacing("/etc/sb-nfs-provisioner/tls/tls.", with: pki)
                .replacing("reports:\n", with: "reports:\n  listen: 127.0.0.1:0\n")
            let controller = try scenario.startController(configuration: scenario.configuration(configuration))
            try await eventually("it says where") {
                controller.log.contains("serving reports") && controller.log.contains("https://127.0.0.1:")
            }
        }
    }

    @Test("The site's configuration is valid unchanged, and each file that it names is mounted")
    func site() async throws {
        let objects = try Manifest.byName(try await ManifestTools().kustomize("site"))
        let text = try #require(objects["ConfigMap sb-nfs-provisioner-config"]?["data", "config.yaml"]?.text)
        let file = try ConfigurationFile(path: "config.yaml", text: text)
        let configuration = try ControllerConfiguration(SettingValues(flags: [:], environment: [:], file: file))
        #expect(!configuration.hooks.isEmpty && configuration.retention != nil && configuration.reports != nil)
        let pod = try #require(objects["Deployment sb-nfs-provisioner"]?.podSpec)
        let sources = pod["volumes", "0", "projected", "sources"]?.elements ?? []
        let mounted = sources.flatMap { $0["secret", "items"]?.elements ?? [] }.compactMap { $0["path"]?.text }
        let named = text.matches(of: #//etc/sb-nfs-provisioner/(\S+)/#).map { String($0.1) }
        #expect(Set(named) == Set(mounted) && !named.isEmpty)
    }

    @Test("What deploy.sh applies has the image and the export that it was given, and the API server accepts it")
    func deployed() async throws {
        let script = ManifestTools.repository.appending(path: "scripts/deploy.sh").path()
        let environment = ["TEST_NFS_SERVER": "nfs.test", "TEST_NFS_PATH": "/srv/test"]
        let printed = try await ManifestTools.run(
            script,
            ["--print", "registry.test:5000/storage/provisioner:abc"],
            environment: environment
        )
        try #require(printed.succeeded, "\(printed.error)")
        let objects = try Manifest.byName(unhashed(printed.output))
        let container = objects["Deployment sb-nfs-provisioner"]?.podSpec?["containers", "0"]
        #expect(container?["image"] == "registry.test:5000/storage/provisioner:abc")
        #expect(
            objects["ConfigMap sb-nfs-provisioner"]?["data"] == ["NFS_SERVER": "nfs.test", "NFS_PATH": "/srv/test"]
        )
        try await Scenario.run { scenario in
            try await scenario.expectAccepted(printed.output, in: scenario.bed.podNamespace)
        }
    }

    private func enforced(_ objects: [Manifest]) -> String? {
        objects.first { $0.kind == "Namespace" }?["metadata", "labels", "pod-security.kubernetes.io/enforce"]?.text
    }

    private func capabilities(_ pod: JSONValue) -> JSONValue? {
        pod["containers", "0", "securityContext", "capabilities"]
    }

    /// What holds for every user.
    private func expectConfined(_ pod: JSONValue) {
        #expect(pod["securityContext", "seccompProfile"] == ["type": "RuntimeDefault"])
        #expect(pod["containers"]?.elements.count == 1 && pod["hostNetwork"] == nil)
        let container = pod["containers", "0", "securityContext"]
        #expect(container?["allowPrivilegeEscalation"] == false && container?["readOnlyRootFilesystem"] == true)
        for volume in pod["volumes"]?.elements ?? [] { #expect(Set(volume.fields.keys) == ["name", "projected"]) }
    }
}
