import Crypto
import Foundation
import NIOHTTP1
import NIOSSL
import Provisioning
import TestBed
import Testing

@testable import Backup

@Suite("Requests as hooks", .timeLimit(.minutes(10)))
struct HTTPActionTests {
    private static let secret = "planted-signing-secret"
    private static let token = "planted-bearer-token"

    private let folder: TemporaryFolder
    private let pki: String

    init() throws {
        folder = try TemporaryFolder()
        pki = try TestBed.current().folder + "/pki"
    }

    private func server(_ script: [ScriptedServer.Step], host: String = "127.0.0.1") async throws -> ScriptedServer {
        let tls = try TLSConfiguration.makeServerConfiguration(
            certificateChain: NIOSSLCertificate.fromPEMFile(pki + "/server.crt").map { .certificate($0) },
            privateKey: .privateKey(NIOSSLPrivateKey(file: pki + "/server.key", format: .pem))
        )
        return try await ScriptedServer.start(script, host: host, tls: tls)
    }

    private func hook(_ server: ScriptedServer) throws -> HTTPHook {
        var hook = HTTPHook(url: server.address + "/hook?id=planted-query")
        hook.caFile = pki + "/ca.crt"
        hook.secretFile = try folder.write("secret", Self.secret + "\n")
        hook.tokenFile = try folder.write("token", Self.token + "\n")
        return hook
    }

    private func run(_ hook: HTTPHook, timeout: Duration = .seconds(20)) async throws -> HookAttempt {
        let attempt = try await HTTPAction(pause: .milliseconds(10)).attempt(hook, .sample, timeout: timeout)
        #expect(!"\(attempt)".contains("planted"), "no secret may be shown")
        return attempt
    }

    /// A hook at a server that answers so.
    private func play(_ script: [ScriptedServer.Step], timeout: Duration = .seconds(20)) async throws -> HookAttempt {
        let server = try await server(script)
        let attempt = try await run(hook(server), timeout: timeout)
        #expect(!server.received.isEmpty)
        return attempt
    }

    @Test func theFactsArePostedSignedAndTheAnswerIsKept() async throws {
        let server = try await server([.answer(.ok, body: "stored \(Self.token) \(Self.secret)")])
        let attempt = try await run(hook(server))
        #expect(attempt.outcome == .succeeded)
        #expect(attempt.httpStatus == 200)
        #expect(attempt.output == "stored ••• •••")
        let request = try #require(server.received.first)
        #expect(request.method == .POST)
        #expect(request.uri == "/hook?id=planted-query")
        #expect(request.body == HookFacts.sample.json)
        #expect(request.headers.first(name: "Content-Type") == "application/json")
        #expect(request.headers.first(name: "Idempotency-Key") == HookFacts.sample.idempotencyKey)
        #expect(request.headers.first(name: "Authorization") == "Bearer \(Self.token)")
        let time = try #require(request.headers.first(name: "X-SB-NFS-Timestamp"))
        #expect(abs((Double(time) ?? 0) - Date().timeIntervalSince1970) < 60)
        let signature = try #require(request.headers.first(name: "X-SB-NFS-Signature"))
        let code = try #require(Data(hexadecimal: signature.dropFirst("sha256=".count)))
        let key = SymmetricKey(data: Data(Self.secret.utf8))
        let signed = Data("\(time).".utf8) + Data(request.body)
        #expect(HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: signed, using: key))
    }

    @Test("An answer that may have been cut is no success, and the message says what the server has to do")
    func unframed() async throws {
        let unframed = try await play([.unframed("stored")])
        #expect(unframed.outcome == .failed && unframed.message.contains("let the server send Content-Length"))
        let cut = try await play([.cutStream(["half"])])
        #expect(cut.outcome == .failed)
        #expect(cut.message.hasSuffix("the connection was closed before the answer was complete"), "\(cut.message)")
    }

    @Test func secretsAreReadAtEachRequest() async throws {
        let server = try await server([.answer(.ok), .answer(.ok)])
        let hook = try hook(server)
        _ = try await run(hook)
        try folder.write("token", "planted-new-token")
        _ = try await run(hook)
        #expect(server.received.map { $0.headers.first(name: "Authorization") }.last == "Bearer planted-new-token")
    }

    @Test func aServerAtWorkIsAskedUntilItIsDone() async throws {
        let server = try await server([
            .answer(.accepted, headers: [("Location", "/jobs/1")]), .answer(.accepted, headers: [("Retry-After", "0")]),
            .answer(.noContent, body: ""),
        ])
        let attempt = try await run(hook(server))
        #expect(attempt.outcome == .succeeded)
        #expect(attempt.httpStatus == 204)
        #expect(server.received.map(\.method) == [.POST, .GET, .GET])
        #expect(server.received.map(\.uri).dropFirst() == ["/jobs/1", "/jobs/1"])
        #expect(server.received.last?.headers.first(name: "Authorization") == "Bearer \(Self.token)")
    }

    @Test func whereToAskMayStandInTheBody() async throws {
        let server = try await server([.answer(.accepted, body: #"{"statusURL": "/jobs/2"}"#), .answer(.ok)])
        #expect(try await run(hook(server)).outcome == .succeeded)
        #expect(server.received.last?.uri == "/jobs/2")
    }

    @Test func workThatFailsFails() async throws {
        let server = try await server([
            .answer(.accepted, headers: [("Location", "/jobs/1")]), .answer(.gone, body: "no space"),
        ])
        let attempt = try await run(hook(server))
        #expect(attempt.outcome == .failed)
        #expect(attempt.httpStatus == 410)
        #expect(attempt.output == "no space")
    }

    @Test func noOtherServerIsAskedAndNoRedirectFollowed() async throws {
        let other = try await server([.answer(.ok), .answer(.ok)])
        let location = [("Location", other.address + "/jobs/1")]
        let server = try await server([
            .answer(.accepted, headers: location), .answer(.temporaryRedirect, headers: location),
        ])
        let accepted = try await run(hook(server))
        #expect(accepted.outcome == .failed)
        #expect(accepted.message.contains("another server"))
        let redirected = try await run(hook(server))
        #expect(redirected.outcome == .failed)
        #expect(redirected.message.contains("redirects are not followed"))
        #expect(other.received.isEmpty)
    }

    @Test func anAcceptedRequestWithoutAPlaceToAskFails() async throws {
        let attempt = try await play([.answer(.accepted)])
        #expect(attempt.outcome == .failed)
        #expect(attempt.message.contains("answered 202 without a status URL"))
    }

    @Test func aServersRefusalIsToldWithTheEndOfItsWords() async throws {
        let long = String(repeating: "x", count: 1 << 20)
        let attempt = try await play([.answer(.internalServerError, body: long + "\nwhy")])
        #expect(attempt.outcome == .failed)
        #expect(attempt.httpStatus == 500)
        #expect(attempt.message.hasSuffix("/hook answered 500 instead of 2xx"))
        #expect(attempt.output?.hasSuffix("\nwhy") ?? false)
        #expect((attempt.output?.utf8.count ?? 0) <= OutputTail.limit)
    }

    @Test func aServerThatIsSilentOrStallsTimesOut() async throws {
        for step in [ScriptedServer.Step.silence, .stall(["some"])] {
            #expect(try await outcomeOnceHeard(of: [step]) == .timedOut)
        }
        let working = Array(
            repeating: ScriptedServer.Step.answer(.accepted, headers: [("Location", "/j")]),
            count: 10_000
        )
        #expect(try await outcomeOnceHeard(of: working) == .timedOut)
    }

    /// The outcome of a hook that ends with its time, which is longer each time until the server hears of it: on a busy
    /// machine even a connection takes long.
    private func outcomeOnceHeard(of script: [ScriptedServer.Step]) async throws -> HookResult.Outcome? {
        for timeout in [Duration.milliseconds(500), .seconds(4), .seconds(30)] {
            let server = try await server(script)
            let attempt = try await run(hook(server), timeout: timeout)
            if !server.received.isEmpty { return attempt.outcome }
        }
        return nil
    }

    @Test func aCutAnswerIsAFailure() async throws {
        for step in [ScriptedServer.Step.hangUp, .cutStream(["some"])] {
            #expect(try await play([step]).outcome == .failed)
        }
    }

    @Test func onlyAServerWithTheRightCertificateIsTold() async throws {
        let server = try await server([.answer(.ok)])
        var stranger = try hook(server)
        stranger.caFile = nil
        #expect(try await run(stranger).message.contains("not signed by the configured authority"))
        let misnamed = try await self.server([.answer(.ok)], host: "127.0.0.2")
        #expect(try await run(hook(misnamed)).message.contains("certificate is not for that address"))
        #expect(server.received.isEmpty && misnamed.received.isEmpty)
    }

    @Test func whatCannotBeReadIsNamed() async throws {
        let server = try await server([])
        for change: @Sendable (inout HTTPHook) -> Void in [
            { $0.caFile = "/no/such/file" }, { $0.secretFile = "/no/such/file" }, { $0.tokenFile = "/no/such/file" },
        ] {
            var hook = try hook(server)
            change(&hook)
            #expect(try await run(hook).message.contains("in /no/such/file"))
        }
        var hook = try hook(server)
        hook.secretFile = try folder.write("empty", "\n")
        #expect(try await run(hook).message.contains("is empty"))
        #expect(server.received.isEmpty)
    }

    @Test func cancellingGivesTheRequestUp() async throws {
        let server = try await server([.silence])
        let hook = try hook(server)
        let task = Task { try await run(hook) }
        try await eventually("the server is asked") { !server.received.isEmpty }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        try await eventually("the connection is closed") { server.openConnections == 0 }
    }
}

extension Data {
    fileprivate init?(hexadecimal text: Substring) {
        let digits = Array(text)
        let bytes = stride(from: 0, to: digits.count - 1, by: 2).compactMap {
            UInt8(String(digits[$0...$0 + 1]), radix: 16)
        }
        guard bytes.count * 2 == digits.count else { return nil }
        self.init(bytes)
    }
}
