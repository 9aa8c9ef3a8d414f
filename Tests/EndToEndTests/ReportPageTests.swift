import Foundation
import Kubernetes
import NIOHTTP1
import Reports
import Subprocess
import TestBed
import Testing

@testable import Commands

@Suite("The report page: access control", .serialized)
struct ReportPageTests {
    /// The token of a new ServiceAccount in the scenario's namespace.
    private func token(_ name: String, _ scenario: Scenario) async throws -> String {
        try await scenario.kubectl(["create", "serviceaccount", name, "--namespace", scenario.namespace])
        return try await scenario.token(of: name)
    }

    /// The token of somebody who may look at claims in the scenario's namespace.
    private func viewerToken(_ scenario: Scenario) async throws -> String {
        let token = try await token("viewer", scenario)
        let names = ["viewer", "--namespace", scenario.namespace]
        try await scenario.kubectl(
            ["create", "role"] + names + ["--verb", "list", "--resource", "persistentvolumeclaims"]
        )
        try await scenario.kubectl(
            ["create", "rolebinding"] + names
                + ["--role", "viewer", "--serviceaccount", "\(scenario.namespace):viewer"]
        )
        return token
    }

    @Test("No token and a wrong one: 401; nobody learns anything")
    func unknown() async throws {
        try await Scenario.run { scenario in
            try await ReportPage.serve(scenario) { page in
                for path in ["/", "/reports/backups.json", "/reports/usage.json", "/reports/audit.json"] {
                    for token in [nil, "wrong", "a b", String(repeating: "x", count: 20_000)] {
                        let answer = try await page.request(path, token: token)
                        #expect(answer.status == .unauthorized)
                        #expect(answer.headers.first(name: "WWW-Authenticate")?.hasPrefix("Bearer") == true)
                        #expect(!answer.body.contains("mine") && !answer.body.contains("elsewhere"))
                    }
                }
                let basic = try await page.request(headers: ["Authorization": "Basic eDp5"])
                #expect(basic.status == .unauthorized)
                let guessed = try await page.request(headers: ["Cookie": "__Host-sb-nfs-reports=0123"])
                #expect(guessed.status == .unauthorized)
                #expect(try await page.request("/reports/none.json").status == .notFound)
            }
        }
    }

    @Test("A user who may get /reports sees all, a user of one namespace that one, anybody else nothing")
    func scopes() async throws {
        try await Scenario.run { scenario in
            let (viewer, nobody) = (try await viewerToken(scenario), try await token("nobody", scenario))
            try await ReportPage.serve(scenario) { page in
                let all = try await page.request(token: try scenario.adminToken)
                #expect(try all.claims == ["mine", "ours", "theirs"])
                let own = try await page.request(token: viewer)
                #expect(own.status == .ok && own.headers.first(name: "Content-Type") == "application/json")
                #expect(try own.claims == ["mine", "ours"])
                #expect(!own.body.contains("elsewhere") && !own.body.contains("theirs"))
                let html = try await page.request("/", token: viewer)
                #expect(html.body.contains("ours") && !html.body.contains("theirs"))
                let other = try await page.request("/reports/backups.json?namespace=elsewhere", token: viewer)
                #expect(other.status == .forbidden)
                let refused = try await page.request(token: nobody)
                #expect(refused.status == .forbidden && !refused.body.contains("mine"))
                try await scenario.kubectl([
                    "create", "clusterrolebinding", scenario.namespace, "--clusterrole",
                    "sb-nfs-provisioner-reports-viewer", "--serviceaccount", "\(scenario.namespace):late",
                ])
                let late = try await page.request(token: try await token("late", scenario))
                #expect(try late.claims.count == 3, "the role of the manifests")
                try await scenario.kubectl(["delete", "clusterrolebinding", scenario.namespace])
            }
        }
    }

    @Test("Every answer forbids what a page does not need, and says not to keep it")
    func headers() async throws {
        try await Scenario.run { scenario in
            try await ReportPage.serve(scenario) { page in
                for path in ["/", "/reports/backups.json", "/none"] {
                    let headers = try await page.request(path).headers
                    #expect(headers.first(name: "Content-Security-Policy") == ContentSecurityPolicy.header)
                    #expect(headers.first(name: "X-Content-Type-Options") == "nosniff")
                    #expect(headers.first(name: "Referrer-Policy") == "no-referrer")
                    #expect(headers.first(name: "Cache-Control") == "no-store")
                }
            }
        }
    }

    @Test("A browser signs in with a token once; its cookie holds none, and ends with signing out")
    func session() async throws {
        try await Scenario.run { scenario in
            let token = try await viewerToken(scenario)
            try await ReportPage.serve(scenario) { page in
                try await Browser.run { browser in
                    try await browser.open(page.address)
                    try await browser.type("wrong", into: "#token")
                    try await browser.click("button")
                    try await expect("[role=alert]", ["the cluster does not know this token"], browser)
                    try await browser.type(token, into: "#token")
                    try await browser.click("button")
                    try await expect("#backups tbody th span", ["mine", "ours"], browser)
                    let viewer = try await browser.texts(".viewer b")
                    #expect(viewer == ["system:serviceaccount:\(scenario.namespace):viewer"])
                    let cookie = try #require(try await browser.cookies().first)
                    guard case .object(let fields) = cookie else { return }
                    #expect(fields["httpOnly"] == true && fields["secure"] == true && fields["sameSite"] == "Strict")
                    guard case .string(let value)? = fields["value"] else { return }
                    #expect(value.wholeMatch(of: /[0-9a-f]{64}/) != nil)
                    try await browser.click(".viewer button")
                    try await expect("label", ["Cluster token"], browser)
                    let stolen = try await page.request(headers: ["Cookie": "__Host-sb-nfs-reports=\(value)"])
                    #expect(stolen.status == .unauthorized, "the session is gone on the server as well")
                    // The browser tells of every 401 of a page.
                    let complaints = try await browser.complaints().filter { !$0.contains("status of 401") }
                    #expect(complaints == [])
                }
            }
        }
    }

    /// What a page says once it has come: a click does not wait for it.
    private func expect(_ selector: String, _ texts: [String], _ browser: Browser) async throws {
        try await eventually("\(selector) says \(texts)") { (try? await browser.texts(selector)) == texts }
    }

    @Test("A form on another site cannot sign a user in")
    func otherSite() async throws {
        try await Scenario.run { scenario in
            try await ReportPage.serve(scenario) { page in
                let form = "token=\(try scenario.adminToken)"
                let other = try await page.request("/sign-in", form: form, headers: ["Sec-Fetch-Site": "cross-site"])
                #expect(other.status == .forbidden && other.headers.first(name: "Set-Cookie") == nil)
                let own = try await page.request("/sign-in", form: form, headers: ["Sec-Fetch-Site": "same-origin"])
                #expect(own.status == .seeOther && own.headers.first(name: "Location") == "./")
                let big = try await page.request("/sign-in", form: "token=" + String(repeating: "x", count: 100_000))
                #expect(big.status == .badRequest)
            }
        }
    }

    @Test("A client that guesses tokens is slowed down; a signed-in user is not")
    func guessing() async throws {
        try await Scenario.run { scenario in
            let admin = try scenario.adminToken
            try await ReportPage.serve(scenario) { page in
                #expect(try await page.request(token: admin).status == .ok)
                let statuses = try await withThrowingTaskGroup(of: HTTPResponseStatus.self) { group in
                    for index in 0..<150 {
                        group.addTask { try await page.request(token: "guess-\(index)").status }
                    }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(Set(statuses) == [.unauthorized, .tooManyRequests])
                #expect(try await page.request(token: admin).status == .ok)
            }
        }
    }

    @Test("A renewed certificate is served without a restart; one that cannot be used is not")
    func renewal() async throws {
        try await Scenario.run { scenario in
            let (pki, folder) = (scenario.bed.folder + "/pki", try TemporaryFolder())
            func write(_ certificate: String, _ key: String) throws {
                try folder.write("tls.crt", String(contentsOfFile: "\(pki)/\(certificate).crt", encoding: .utf8))
                try folder.write("tls.key", String(contentsOfFile: "\(pki)/\(key).key", encoding: .utf8))
            }
            try write("server", "server")
            let tls = ReportServerSettings.TLS(
                certificateFile: folder.path + "/tls.crt",
                keyFile: folder.path + "/tls.key"
            )
            try await ReportPage.serve(scenario, tls: tls) { page in
                #expect(try await subject(page) == "subject=CN = kube-apiserver")
                try write("admin", "admin")
                try await eventually("the new certificate is served") {
                    try await subject(page).contains("CN = admin")
                }
            }
            try write("admin", "server")
            #expect(throws: ServerCertificate.Unusable.self) { try ServerCertificate(tls, logger: Cluster.silent) }
        }
    }

    /// Whom the certificate that a handshake gets is of.
    private func subject(_ page: ReportPage) async throws -> String {
        let host = page.address.replacing("https://", with: "")
        let result = try await Subprocess.run(
            .name("sh"),
            arguments: [
                "-c", "openssl s_client -connect \(host) </dev/null 2>/dev/null | openssl x509 -noout -subject",
            ],
            output: .string(limit: 1000)
        )
        return result.standardOutput.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
