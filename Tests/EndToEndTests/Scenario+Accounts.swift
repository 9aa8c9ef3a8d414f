import Foundation
import Kubernetes
import TestBed
import Testing

@testable import Commands

extension Scenario {
    /// A ServiceAccount with these rights and no other, but for those that everybody has.
    ///
    /// - Parameters:
    ///   - name: Its own.
    ///   - namespace: Its own; nil: the scenario's, in which the rights of the controller's own namespace hold in any case.
    ///   - rights: What it may do.
    /// - Returns: The path of its kubeconfig.
    /// - Throws: If the API server does not take it.
    func account(_ name: String, in namespace: String? = nil, with rights: Set<Right>) async throws -> String {
        try await grant(rights, to: name, in: namespace)
        let token = try await token(of: name, in: namespace)
        let config = try String(contentsOfFile: bed.controllerKubeconfig, encoding: .utf8)
            .replacing(#/token: [^}]+/#, with: "token: \(token)")
        let path = folder.appending(path: "\(name).kubeconfig")
        try config.write(to: path, atomically: true, encoding: .utf8)
        return path.path()
    }

    /// Makes these the rights of a ServiceAccount, which is made where it is missing.
    private func grant(_ rights: Set<Right>, to name: String, in namespace: String?) async throws {
        let home = namespace ?? self.namespace
        let own = rights.filter { $0.scope == .ownNamespace }
        var yaml = """
            apiVersion: v1
            kind: ServiceAccount
            metadata: {name: \(name), namespace: \(home)}
            """
        for (kind, rights) in [("ClusterRole", rights.subtracting(own)), ("Role", own)] {
            let place = kind == "Role" ? ", namespace: \(self.namespace)" : ""
            yaml += """

                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: \(kind)
                metadata: {name: \(role(of: name))\(place)}
                rules: [\(rights.map(\.rule).joined(separator: ", "))]
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: \(kind)Binding
                metadata: {name: \(role(of: name))\(place)}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: \(kind), name: \(role(of: name))}
                subjects: [{kind: ServiceAccount, name: \(name), namespace: \(home)}]
                """
        }
        try await kubectl(["apply", "-f", "-"], input: yaml)
    }

    /// What its ClusterRole, its Role and their bindings are called.
    func role(of account: String) -> String { "\(namespace)-\(account)" }

    /// A token of a ServiceAccount.
    func token(of account: String, in namespace: String? = nil) async throws -> String {
        let path = "/api/v1/namespaces/\(namespace ?? self.namespace)/serviceaccounts/\(account)/token"
        let answer = try await kubectl(
            ["create", "--raw", path, "-f", "-"],
            input: #"{"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}"#
        )
        struct TokenRequest: Decodable {
            struct Status: Decodable { let token: String }
            let status: Status
        }
        return try JSONDecoder().decode(TokenRequest.self, from: Data(answer.utf8)).status.token
    }

    /// The administrator's token.
    var adminToken: String {
        get throws {
            let config = try String(contentsOfFile: bed.kubeconfig, encoding: .utf8)
            return String(try #require(config.firstMatch(of: /token: ([0-9a-f]+)/)?.1))
        }
    }

    /// A ServiceAccount that may do what the manifests let the controller do, but for one verb on volumes: the API server
    /// then answers as it does to a controller that dies before that request.
    ///
    /// - Returns: The path of its kubeconfig.
    func kubeconfig(without verb: String) async throws -> String {
        try await account("limited", with: rights { $0 != verb })
    }

    /// Lets that ServiceAccount use these verbs on volumes, and all else that the manifests let the controller do.
    func allow(_ isAllowed: (String) -> Bool) async throws {
        try await grant(rights(isAllowed), to: "limited", in: nil)
    }

    private func rights(_ isAllowed: (String) -> Bool) -> Set<Right> {
        Right.needed.filter { $0.resource != "persistentvolumes" || isAllowed($0.verb) }
    }
}
