import Foundation
import TestBed

/// A kubeconfig that kubectl and the client both try on the test bed's API server.
struct KubeconfigCase: Sendable, CustomStringConvertible {
    /// What is special about it.
    let description: String
    /// The file; nil for none.
    let text: String?
    /// Why the client refuses what kubectl takes; nil where both must do the same.
    var refusedBecause: String?

    /// Fills `$SERVER`, `$PORT`, `$CA` (PEM in base64), `$TOKEN` and `$PKI` in.
    func filled(from bed: TestBed) throws -> String? {
        func base64(_ file: String) throws -> String {
            try Data(contentsOf: URL(filePath: "\(bed.folder)/pki/\(file)")).base64EncodedString()
        }
        let admin = try String(contentsOfFile: bed.kubeconfig, encoding: .utf8)
        let token = admin.components(separatedBy: "token: ").last?.prefix { $0 != "}" } ?? ""
        let values = [
            "$SERVER": bed.apiServer, "$PORT": bed.apiServer.components(separatedBy: ":").last ?? "",
            "$CA": try base64("ca.crt"), "$CA2": try Data(base64("ca.crt").utf8).base64EncodedString(),
            "$CERT": try base64("admin.crt"), "$KEY": try base64("admin.key"),
            "$TOKEN": String(token), "$PKI": bed.folder + "/pki",
        ]
        return values.sorted { $0.key.count > $1.key.count }.reduce(text) { $0?.replacing($1.key, with: $1.value) }
    }

    private static func config(
        server: String = "server: $SERVER",
        cluster: String = "certificate-authority-data: $CA",
        user: String = "token: $TOKEN",
        context: String = "cluster: c, user: u",
        current: String = "here"
    ) -> String {
        """
        apiVersion: v1
        kind: Config
        current-context: \(current)
        contexts: [{name: here, context: {\(context)}}]
        clusters: [{name: c, cluster: {\([server, cluster].filter { !$0.isEmpty }.joined(separator: ", "))}}]
        users: [{name: u, user: {\(user)}}]
        """
    }

    static let all = servers + authorities + names + users + contexts + files

    private static let servers = [
        "$SERVER", "$SERVER/", "$SERVER//", "https://localhost:$PORT", "https://LOCALHOST:$PORT",
        "HTTPS://127.0.0.1:$PORT", "https://localhost.:$PORT",
        "http://127.0.0.1:$PORT", "127.0.0.1:$PORT", "localhost:$PORT", "https://127.0.0.2:$PORT",
        "https://[::1]:$PORT",
        "https://127.0.0.1:1", "https://nowhere.invalid:$PORT", "ftp://127.0.0.1:$PORT", "$SERVER/prefix",
        "' $SERVER'", "'$SERVER '", "''",
    ].map { KubeconfigCase(description: "server: \($0)", text: config(server: "server: \($0)")) }

    private static let authorities =
        [
            "certificate-authority: $PKI/ca.crt", "certificate-authority: ca-copy.crt",
            "certificate-authority: /nowhere",
            "certificate-authority-data: $CA, certificate-authority: /nowhere", "certificate-authority-data: bm8gcGVt",
            "certificate-authority-data: '%%%'", "certificate-authority-data: !!binary $CA",
            "certificate-authority-data: !!binary $CA2", "",
            "certificate-authority-data: ''",
            "insecure-skip-tls-verify: true", "insecure-skip-tls-verify: false",
            "insecure-skip-tls-verify: true, certificate-authority-data: $CA",
            "insecure-skip-tls-verify: yes, certificate-authority-data: ''",
            "certificate-authority-data: $CA, disable-compression: true",
        ].map { KubeconfigCase(description: "cluster: \($0.prefix(60))", text: config(cluster: $0)) }
        + [
            KubeconfigCase(
                description: "the server's certificate in place of the authority's",
                text: config(cluster: "certificate-authority: $PKI/server.crt"),
                refusedBecause: "not signed by the configured certificate authority"
            ),
            KubeconfigCase(
                description: "a proxy",
                text: config(cluster: "certificate-authority-data: $CA, proxy-url: 'http://127.0.0.1:1'")
            ),
        ]

    private static let names = [
        "10.0.0.1", "10.9.9.9", "127.0.0.1", "127.0.0.2", "localhost", "LOCALHOST", "localhost.",
        "kubernetes.default.svc",
        "kubernetes.default", "kubernetes.default.svc.cluster.local", "elsewhere.example", "''", "'::1'", "'*'",
        "x.localhost", "' localhost'",
    ].flatMap { name in
        ["$SERVER", "https://localhost:$PORT", "https://127.0.0.2:$PORT"].map { server in
            KubeconfigCase(
                description: "tls-server-name: \(name) at \(server)",
                text: config(
                    server: "server: '\(server)'",
                    cluster: "certificate-authority-data: $CA, tls-server-name: \(name)"
                )
            )
        }
    }

    private static let users =
        [
            "token: $TOKEN, tokenFile: /nowhere", "tokenFile: token-file", "tokenFile: /nowhere",
            "tokenFile: empty-file",
            "token: wrong, tokenFile: token-file", "token: wrong", "token: ''", "", "token: ' $TOKEN'",
            "token: '$TOKEN '",
            "client-certificate-data: $CERT, client-key-data: $KEY",
            "client-certificate: $PKI/admin.crt, client-key: $PKI/admin.key",
            "client-certificate: $PKI/admin.crt", "client-key: $PKI/admin.key",
            "client-certificate: /nowhere, client-key: /nowhere",
            "client-certificate-data: $CERT, client-key-data: bm8ga2V5",
            "client-certificate: $PKI/admin.crt, client-key-data: $KEY",
            "token: $TOKEN, client-certificate-data: $CERT, client-key-data: $KEY",
            "as-groups: [system:masters], token: $TOKEN",
            "token: $TOKEN, as-uid: '7'", "token: $TOKEN, as-user-extra: {a: [b]}",
            "exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: ./plugin}",
            "exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin, interactiveMode: Never}",
            "exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin, interactiveMode: IfAvailable}",
            "exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: no-such-program}",
            "exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: 'false'}",
            "exec: {apiVersion: v1, command: ./plugin}", "exec: {command: ./plugin}",
            "exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: ./plugin, env: [{name: A}], args: [x]}",
            "token: $TOKEN, unknown: field",
        ].map { KubeconfigCase(description: "user: \($0.prefix(70))", text: config(user: $0)) }
        + [
            KubeconfigCase(
                description: "impersonation",
                text: config(user: "token: $TOKEN, as: admin, as-groups: ['system:masters']"),
                refusedBecause: "impersonates"
            ),
            KubeconfigCase(
                description: "a password beside a token",
                text: config(user: "token: $TOKEN, username: x, password: y")
            ),
        ]

    private static let contexts =
        [
            "cluster: c", "user: u", "cluster: none, user: u", "cluster: c, user: none", "cluster: c, user: ''",
            "cluster: c, user: u, namespace: ''", "cluster: c, user: u, namespace: elsewhere",
        ].map { KubeconfigCase(description: "context: \($0)", text: config(context: $0)) }
        + ["''", "none", "' here'"].map {
            KubeconfigCase(description: "current-context: \($0)", text: config(current: $0))
        }

    private static let files = [
        KubeconfigCase(description: "no file", text: nil),
        KubeconfigCase(description: "an empty file", text: ""),
        KubeconfigCase(description: "blanks", text: "\n\n  \n"),
        KubeconfigCase(description: "no YAML", text: "{{{"),
        KubeconfigCase(description: "a byte order mark", text: "\u{FEFF}" + config()),
        KubeconfigCase(description: "a second document", text: config() + "\n---\nkind: Other\n"),
        KubeconfigCase(description: "an empty first document", text: "---\n" + config()),
        KubeconfigCase(description: "lines that end as on Windows", text: config().replacing("\n", with: "\r\n")),
        KubeconfigCase(
            description: "unknown fields",
            text: config() + "\nextensions: []\nsomething: 7\npreferences: {}\n"
        ),
        KubeconfigCase(description: "another kind", text: config().replacing("kind: Config", with: "kind: Other")),
        KubeconfigCase(description: "no kind", text: config().replacing("kind: Config\n", with: "")),
        KubeconfigCase(
            description: "another version",
            text: config().replacing("apiVersion: v1", with: "apiVersion: v9")
        ),
        KubeconfigCase(description: "no version", text: config().replacing("apiVersion: v1\n", with: "")),
        KubeconfigCase(description: "comments", text: "# a comment\n" + config() + " # and one more\n"),
        KubeconfigCase(
            description: "a name twice",
            text: config().replacing("users: [", with: "users: [{name: u, user: {token: x}}, ")
        ),
        KubeconfigCase(
            description: "keys in another case",
            text: config().replacing("current-context", with: "Current-Context")
        ),
        KubeconfigCase(
            description: "a key twice",
            text: config() + "\nkind: Config\n",
            refusedBecause: "a key appears twice"
        ),
        KubeconfigCase(description: "an alias", text: config().replacing("{name: c,", with: "&a {name: c,")),
        KubeconfigCase(
            description: "JSON",
            text: """
                {"apiVersion": "v1", "kind": "Config", "current-context": "here",
                 "contexts": [{"name": "here", "context": {"cluster": "c", "user": "u"}}],
                 "clusters": [{"name": "c", "cluster": {"server": "$SERVER", "certificate-authority-data": "$CA"}}],
                 "users": [{"name": "u", "user": {"token": "$TOKEN"}}]}
                """
        ),
    ]
}
