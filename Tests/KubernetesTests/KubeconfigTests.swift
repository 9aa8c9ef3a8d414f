import Foundation
import TestBed
import Testing

@testable import Kubernetes

@Suite("Kubeconfig")
struct KubeconfigTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// A kubeconfig with one cluster and one user of the given fields.
    private func text(cluster: String = "", user: String = "token: t") -> String {
        """
        apiVersion: v1
        kind: Config
        current-context: here
        preferences: {}
        contexts:
        - {name: here, context: {cluster: c, user: u, namespace: work}}
        clusters:
        - name: c
          cluster: {server: "https://10.0.0.1:6443/", \(cluster)}
        users:
        - name: u
          user: {\(user)}
        """
    }

    private func load(_ text: String) throws -> ClusterConfiguration {
        try ClusterConfiguration.load(kubeconfig: folder.write("config", text), environment: [:])
    }

    @Test func aTokenAndAnAuthority() throws {
        let configuration = try load(text(cluster: "certificate-authority-data: Y2E="))
        #expect(configuration.server == "https://10.0.0.1:6443")
        #expect(configuration.namespace == "work")
        #expect(configuration.certificateAuthority == .bytes(Array("ca".utf8)))
        #expect(configuration.credential == .token(.bytes(Array("t".utf8))))
        #expect(!configuration.skipsTLSVerification)
    }

    @Test("kubectl takes the first document, a byte order mark, binary data, and a variable without a value")
    func whatKubectlTakes() throws {
        let exec = "exec: {apiVersion: client.authentication.k8s.io/v1, command: x, env: [{name: EMPTY}]}"
        let first = text(cluster: "certificate-authority-data: !!binary WTJFPQ==", user: exec)
        let configuration = try load("\u{FEFF}" + first + "\n---\nkind: Other\n")
        #expect(configuration.certificateAuthority == .bytes(Array("ca".utf8)))
        guard case .exec(let plugin) = configuration.credential else {
            Issue.record("\(configuration.credential)")
            return
        }
        #expect(plugin.environment == ["EMPTY": ""])
    }

    @Test func pathsAreTakenFromTheKubeconfigsFolder() throws {
        for name in ["ca.crt", "token", "c.crt", "c.key"] { try folder.write(name, name) }
        let user = "tokenFile: ./token, client-certificate: c.crt, client-key: \(folder.path)/c.key"
        let configuration = try load(text(cluster: "certificate-authority: ca.crt", user: user))
        #expect(configuration.certificateAuthority == .file(folder.path + "/ca.crt"))
        #expect(configuration.credential == .token(.file(folder.path + "/token")))
        #expect(
            configuration.clientCertificate
                == ClientCertificate(chain: .file(folder.path + "/c.crt"), key: .file(folder.path + "/c.key"))
        )
    }

    @Test func aTokenFileGoesBeforeATokenWhichStandsInForOneThatIsAbsent() throws {
        let both = text(user: "tokenFile: token, token: t")
        #expect(try load(both).credential == .token(.bytes(Array("t".utf8))))
        try folder.write("token", "other")
        #expect(try load(both).credential == .token(.file(folder.path + "/token")))
    }

    @Test func verificationCanBeSwitchedOffOrGivenAnotherName() throws {
        let configuration = try load(text(cluster: "insecure-skip-tls-verify: true, tls-server-name: api.internal"))
        #expect(configuration.skipsTLSVerification)
        #expect(configuration.tlsServerName == "api.internal")
        #expect(configuration.requestBase == "https://api.internal:6443")
    }

    @Test func anExecPlugin() throws {
        let exec = """
            exec: {apiVersion: client.authentication.k8s.io/v1, command: ./login, args: [a, "1"],
            env: [{name: K, value: v}], provideClusterInfo: true, interactiveMode: IfAvailable, installHint: get it}
            """
        var plugin = ExecPlugin(version: .v1, command: folder.path + "/login")
        plugin.arguments = ["a", "1"]
        plugin.environment = ["K": "v"]
        plugin.installHint = "get it"
        plugin.isToldTheCluster = true
        #expect(try load(text(user: exec)).credential == .exec(plugin))
    }

    @Test func ofSeveralFilesTheFirstEntryOfANameCounts() throws {
        let first = try folder.write("first", "current-context: there\nusers: [{name: u, user: {token: first}}]")
        let second = try folder.write(
            "second",
            text() + "\n- {name: other, user: {token: x}}\n"
        )
        let third = try folder.write(
            "third",
            "contexts: [{name: there, context: {cluster: c, user: u}}]\nusers: [{name: u, user: {token: third}}]"
        )
        let paths = "\(first):\(folder.path)/absent:\(second):\(third)"
        let configuration = try ClusterConfiguration.load(kubeconfig: nil, environment: ["KUBECONFIG": paths])
        #expect(configuration.credential == .token(.bytes(Array("first".utf8))))
        #expect(configuration.namespace == nil)
    }

    @Test func plainHTTPIsAllowed() throws {
        let configuration = try load(
            text().replacingOccurrences(of: "https://10.0.0.1:6443/", with: "http://localhost:8080")
        )
        #expect(configuration.server == "http://localhost:8080")
        // As kubectl: no token goes over plain HTTP.
        #expect(configuration.credential == .anonymous)
    }

    struct Fault: Sendable, CustomTestStringConvertible {
        var name: String
        var change: @Sendable (String) -> String
        var sentence: String

        var testDescription: String { name }
    }

    private static func user(_ fields: String) -> @Sendable (String) -> String {
        { $0.replacingOccurrences(of: "token: t", with: fields) }
    }

    private static func replacing(_ old: String, _ new: String) -> @Sendable (String) -> String {
        { $0.replacingOccurrences(of: old, with: new) }
    }

    @Test(arguments: [
        Fault(name: "not YAML", change: { _ in "a: [b" }, sentence: "cannot be read: line"),
        Fault(name: "no mapping", change: { _ in "hello" }, sentence: "cannot be read"),
        Fault(name: "empty", change: { _ in "" }, sentence: "no current-context is set"),
        Fault(
            name: "list where a mapping belongs",
            change: replacing("cluster: {server", "cluster: [server"),
            sentence: "cannot be read"
        ),
        Fault(
            name: "no current context",
            change: replacing("current-context: here", ""),
            sentence: "no current-context is set"
        ),
        Fault(
            name: "unknown context",
            change: replacing("name: here", "name: there"),
            sentence: "current-context names “here”"
        ),
        Fault(name: "unknown cluster", change: replacing("- name: c\n", "- name: d\n"), sentence: "names cluster “c”"),
        Fault(name: "unknown user", change: replacing("- name: u\n", "- name: v\n"), sentence: "names user “u”"),
        Fault(
            name: "no server",
            change: replacing("server: \"https://10.0.0.1:6443/\",", ""),
            sentence: "cluster “c” has no server"
        ),
        Fault(name: "bad server", change: replacing("https://10", "10"), sentence: "is not an API server's address"),
        Fault(
            name: "proxy",
            change: replacing("6443/\",", "6443/\", proxy-url: \"http://p\""),
            sentence: "has a proxy-url"
        ),
        Fault(
            name: "absent CA file",
            change: replacing("6443/\",", "6443/\", certificate-authority: nowhere.crt"),
            sentence: "nowhere.crt, which does not exist"
        ),
        Fault(
            name: "CA data not base64",
            change: replacing("6443/\",", "6443/\", certificate-authority-data: \"%%%%%\""),
            sentence: "certificate-authority-data is not base64"
        ),
        Fault(name: "password", change: user("username: a, password: b"), sentence: "servers no longer take passwords"),
        Fault(name: "auth-provider", change: user("auth-provider: {name: gcp}"), sentence: "auth-provider “gcp”"),
        Fault(name: "impersonation", change: user("token: t, as: root"), sentence: "impersonates “root”"),
        Fault(
            name: "groups of nobody",
            change: user("token: t, as-groups: [g]"),
            sentence: "as-groups or as-user-extra"
        ),
        Fault(name: "uid of nobody", change: user("token: t, as-uid: '1'"), sentence: "without as"),
        Fault(
            name: "key without certificate",
            change: user("client-key-data: eA=="),
            sentence: "but no client-certificate"
        ),
        Fault(
            name: "certificate without key",
            change: user("client-certificate-data: eA=="),
            sentence: "but no client-key"
        ),
        Fault(name: "absent token file", change: user("tokenFile: nowhere"), sentence: "nowhere, which does not exist"),
        Fault(
            name: "old exec",
            change: user("exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: x}"),
            sentence: "it must be client.authentication.k8s.io/v1 or v1beta1"
        ),
        Fault(
            name: "interactive exec",
            change: user("exec: {apiVersion: client.authentication.k8s.io/v1, command: x, interactiveMode: Always}"),
            sentence: "wants a terminal"
        ),
    ])
    func aFaultIsOneSentenceThatNamesTheFile(fault: Fault) throws {
        let broken = fault.change(text())
        do {
            _ = try load(broken)
            Issue.record("\(fault.name) was accepted")
        } catch let error as KubernetesError {
            #expect(error.code == .configuration)
            #expect(error.description.hasPrefix("kubeconfig \(folder.path)/config"))
            #expect(error.description.contains(fault.sentence))
            #expect(!error.description.contains("\n"))
        }
    }

    @Test func anAbsentFileIsNamed() {
        #expect {
            try ClusterConfiguration.load(kubeconfig: "/nowhere/config", environment: [:])
        } throws: {
            "\($0)" == "kubeconfig /nowhere/config: there is no such file; set KUBECONFIG to the path of a kubeconfig"
        }
    }

    @Test func aFolderInPlaceOfAFileIsNamed() {
        #expect {
            try ClusterConfiguration.load(kubeconfig: folder.path, environment: [:])
        } throws: {
            "\($0)".hasPrefix("kubeconfig: cannot read \(folder.path)")
        }
    }
}
