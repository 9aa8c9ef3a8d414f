import TestBed
import Testing

@testable import Kubernetes

@Suite("Finding the cluster")
struct ClusterConfigurationTests {
    @Test func aPodFindsItsOwnCluster() throws {
        let folder = try TemporaryFolder()
        try folder.write("namespace", "storage\n")
        let configuration = try #require(
            try ClusterConfiguration.inCluster(
                environment: ["KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "443"],
                folder: folder.path
            )
        )
        #expect(configuration.server == "https://[fd00::1]:443")
        #expect(configuration.namespace == "storage")
        #expect(configuration.credential == .token(.file(folder.path + "/token")))
        #expect(configuration.certificateAuthority == .file(folder.path + "/ca.crt"))
    }

    @Test func aKubeconfigGoesBeforeThePodsCluster() {
        let environment = [
            "KUBERNETES_SERVICE_HOST": "10.0.0.1", "KUBERNETES_SERVICE_PORT": "443", "KUBECONFIG": "/nowhere",
        ]
        #expect {
            try ClusterConfiguration.load(kubeconfig: nil, environment: environment)
        } throws: {
            "\($0)".hasPrefix("kubeconfig /nowhere")
        }
    }

    @Test func nothingAtAllSaysWhatToDo() {
        #expect {
            try ClusterConfiguration.load(kubeconfig: "", environment: ["HOME": "/nowhere"])
        } throws: {
            "\($0)" == "no cluster is configured: set KUBECONFIG to the path of a kubeconfig, or run in a pod"
        }
    }

    @Test(arguments: ["", "host:6443", "ftp://host", "https://", "https://a:b@host", "https://host?x"])
    func whatIsNoAddressIsRefused(server: String) {
        #expect(throws: KubernetesError.self) { try ClusterConfiguration(server: server) }
    }
}
