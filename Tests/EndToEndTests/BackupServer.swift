import Foundation
import Subprocess
import SystemPackage
import TestBed
import Testing

/// A backup server of an admin's: HTTPS by Python, with a certificate of an authority of its own. It checks signatures
/// itself, and answers in the given order; when no answers are left, 200.
struct BackupServer: Sendable {
    /// A request as the server saw it.
    struct Request: Decodable {
        let method: String
        let path: String
        let key: String?
        let isSigned: Bool
        let body: String
    }

    /// In place of a status: nothing, until the client is gone.
    static let silence = 0
    /// The shared secret.
    static let secret = "correct-horse-battery"

    let url: String
    private let folder: TemporaryFolder

    var caFile: String { folder.path + "/ca.crt" }
    /// Another authority, which did not sign the server's certificate.
    var strangersFile: String { folder.path + "/stranger.crt" }
    var secretFile: String { folder.path + "/secret" }

    /// The lines of an `http` hook with a CA and the secret.
    func hook(caFile: String? = nil) -> String {
        "http: {url: \"\(url)/hook\", caFile: \"\(caFile ?? self.caFile)\", secretFile: \"\(secretFile)\"}"
    }

    /// The requests so far.
    var requests: [Request] {
        get throws {
            let text = (try? String(contentsOfFile: folder.path + "/requests", encoding: .utf8)) ?? ""
            // The last line may be half-written.
            return try text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
                .map { try JSONDecoder().decode(Request.self, from: Data($0.utf8)) }
        }
    }

    /// Answers wait until ``release()``.
    func hold() throws {
        try folder.write("hold", "")
    }

    func release() throws {
        try FileManager.default.removeItem(atPath: folder.path + "/hold")
    }

    /// Runs a server as long as `body` lasts.
    static func run<Value: Sendable>(
        _ answers: [Int] = [],
        _ body: (BackupServer) async throws -> Value
    ) async throws -> Value {
        let folder = try TemporaryFolder()
        try folder.write("server.py", script)
        try folder.write("secret", secret + "\n")
        let made = try await Subprocess.run(
            .path("/bin/sh"),
            arguments: ["-euc", certificates, "sh", folder.path],
            output: .discarded,
            error: .string(limit: 1 << 16)
        )
        try #require(made.terminationStatus.isSuccess, "\(made.standardError)")
        let result = try await Subprocess.run(
            .name("python3"),
            arguments: Arguments([folder.path + "/server.py", folder.path] + answers.map(String.init)),
            // The server ends with its input.
            input: .inputWriter,
            output: .sequence,
            error: .discarded
        ) { server in
            var lines = server.standardOutput.strings().makeAsyncIterator()
            let port = try #require(try await lines.next()).trimmingCharacters(in: .whitespacesAndNewlines)
            return try await body(BackupServer(url: "https://127.0.0.1:\(port)", folder: folder))
        }
        return result.closureResult
    }

    private static let certificates = """
        cd "$1"
        for name in ca stranger; do
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj "/CN=$name" \\
                -keyout $name.key -out $name.crt
        done
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=backup \\
            -addext subjectAltName=IP:127.0.0.1 -addext basicConstraints=critical,CA:FALSE \\
            -CA ca.crt -CAkey ca.key -keyout server.key -out server.crt
        """

    private static let script = #"""
        import hashlib, hmac, json, os, ssl, sys, threading, time
        from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

        folder, answers = sys.argv[1], [int(answer) for answer in sys.argv[2:]]
        secret = open(folder + "/secret", "rb").read().strip()
        lock = threading.Lock()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_request(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                timestamp = self.headers.get("X-SB-NFS-Timestamp", "0")
                code = hmac.new(secret, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
                signed = hmac.compare_digest("sha256=" + code, self.headers.get("X-SB-NFS-Signature", ""))
                request = {"method": self.command, "path": self.path, "key": self.headers.get("Idempotency-Key"),
                           "isSigned": signed and abs(time.time() - int(timestamp)) < 300, "body": body.decode()}
                with lock, open(folder + "/requests", "a") as requests:
                    requests.write(json.dumps(request) + "\n")
                    answer = answers.pop(0) if answers else 200
                if answer == 0:
                    self.rfile.read(1)
                    self.close_connection = True
                    return
                while os.path.exists(folder + "/hold"):
                    time.sleep(0.01)
                # What a careless server says must not be shown as it is.
                authorization = self.headers.get("Authorization", "").encode()
                text = (b"it was " + secret + b" " + authorization).strip()
                self.send_response(answer)
                if answer in (202, 307):
                    self.send_header("Location", "/work/1")
                    self.send_header("Retry-After", "0")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_POST = handle_request

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder + "/server.crt", folder + "/server.key")
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        print(server.server_address[1], flush=True)
        sys.stdin.read()
        """#
}
