import Foundation
import Glibc
import Synchronization

@testable import NFS

/// A fake: an ONC RPC server on loopback that answers MOUNT and NFS calls as a test says, for faults that a sound
/// server does not have. All else it answers as a sound server of one empty directory does, or as a real server that it
/// stands before.
final class ScriptedServer: Sendable {
    /// A call by its number in RFC 1813, how many like it came before, and what it is about.
    struct Call: Hashable, Sendable {
        let name: String
        let repetition: Int
        /// As they were sent (RFC 4506).
        let arguments: [UInt8]
    }

    /// The ports of a real server.
    struct Upstream: Sendable {
        let nfs: UInt16
        let mount: UInt16
    }

    enum Answer: Sendable {
        /// The results, from the status on.
        case results([UInt8])
        /// Only a status, and no attributes.
        case status(UInt32)
        /// MSG_DENIED, AUTH_ERROR, AUTH_TOOWEAK.
        case rejected
        /// MSG_ACCEPTED, PROG_MISMATCH: only version 4 is spoken.
        case otherVersion
        /// A record without its end, then the connection is closed.
        case cut
        /// Nothing, and nothing ever again on this connection, which stays open.
        case silence
    }

    private struct State {
        var counts: [String: Int] = [:]
        var lastCallsBeforeReset: Set<String> = []
    }

    private static let names: [[UInt32]: String] = [
        [100_005, 0]: "null", [100_003, 0]: "null", [100_005, 5]: "export",
        [100_005, 1]: "mount", [100_003, 1]: "getattr", [100_003, 2]: "setattr", [100_003, 3]: "lookup",
        [100_003, 5]: "readlink", [100_003, 6]: "read", [100_003, 7]: "write",
        [100_003, 8]: "create", [100_003, 9]: "mkdir", [100_003, 12]: "remove",
        [100_003, 13]: "rmdir", [100_003, 14]: "rename", [100_003, 17]: "readdirplus", [100_003, 21]: "commit",
    ]

    let port: UInt16
    private let listener: Int32
    private let state = Mutex(State())
    private let upstream: Upstream?
    private let answer: @Sendable (Call) -> Answer?

    /// Starts to listen. `answer` is asked for every call; for `nil` the server is a sound one, of one empty directory,
    /// or the one that it stands before.
    init(before upstream: Upstream? = nil, answer: @escaping @Sendable (Call) -> Answer?) throws {
        (self.upstream, self.answer) = (upstream, answer)
        (listener, port) = try Self.listen()
        Thread.detachNewThread { [self] in
            while true {
                let connection = accept(listener, nil, nil)
                // Closed here and nowhere else: another server may get its number at once, and be served by this thread.
                guard connection >= 0 else { return _ = close(listener) }
                // A server that another test starts must not inherit it, or closing it would not end it.
                _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
                Thread.detachNewThread { [self] in serve(connection) }
            }
        }
    }

    private static func listen() throws -> (listener: Int32, port: UInt16) {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) == 0 && Glibc.listen(listener, 16) == 0
                    && getsockname(listener, $0, &size) == 0
            }
        }
        guard isListening else { throw ServerFailure(description: "the scripted server cannot listen: errno \(errno)") }
        return (listener, UInt16(bigEndian: address.sin_port))
    }

    /// How many calls of a name came.
    func count(of name: String) -> Int { state.withLock { $0.counts[name, default: 0] } }

    /// Whether the client reset a connection on which a call of that name was the last.
    func wasReset(after name: String) -> Bool { state.withLock { $0.lastCallsBeforeReset.contains(name) } }

    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
    }

    /// Runs a test against a server of its own. Calls have half a minute, unless `options` says otherwise.
    static func with(
        before upstream: Upstream? = nil,
        path: String = "/scripted",
        answer: @escaping @Sendable (Call) -> Answer?,
        options change: (inout ConnectionOptions) -> Void = { _ in },
        mayWrite: @escaping @Sendable () -> Bool = { true },
        body: (ScriptedServer, Export) async throws -> Void
    ) async throws {
        let server = try ScriptedServer(before: upstream, answer: answer)
        defer { server.stop() }
        var options = ConnectionOptions(
            port: server.port,
            mountPort: server.port,
            timeout: .seconds(30),
            retransmissions: 0
        )
        change(&options)
        let export = Export(
            address: ExportAddress(server: "127.0.0.1", path: path),
            options: options,
            mayWrite: mayWrite,
            logger: NFSServer.silentLogger
        )
        let result: Result<Void, any Error>
        do { result = .success(try await body(server, export)) } catch { result = .failure(error) }
        await export.close()
        try result.get()
    }

    private func serve(_ connection: Int32) {
        defer { close(connection) }
        var relays: [UInt16: Int32] = [:]
        defer { for relay in relays.values { close(relay) } }
        var isSilent = false
        var name = ""
        while let header = read(4, from: connection, after: name) {
            let length = header.reduce(0) { $0 << 8 | Int($1) } & 0x7FFF_FFFF
            guard let call = read(length, from: connection, after: name) else { return }
            let words = stride(from: 0, to: 24, by: 4).map { start in
                call[start..<start + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            }
            name = words[4] == 4 ? "null4" : Self.names[[words[3], words[5]]] ?? "?"
            let scripted = answer(to: name, arguments: Self.arguments(of: call))
            if scripted == nil, let upstream {
                let port = words[3] == 100_005 ? upstream.mount : upstream.nfs
                let relay = relays[port] ?? Self.connect(to: port)
                relays[port] = relay
                guard let reply = relayed(header + call, over: relay) else { return }
                send(reply[...], on: connection)
                continue
            }
            let answer = scripted ?? soundAnswer(to: name)
            if case .silence = answer { isSilent = true }
            if isSilent { continue }
            let record = record(of: answer, to: words[0])
            if case .cut = answer { return send(record.dropLast(2), on: connection) }
            send(record[...], on: connection)
        }
    }

    private func answer(to name: String, arguments: [UInt8]) -> Answer? {
        let repetition = state.withLock { state in
            defer { state.counts[name, default: 0] += 1 }
            return state.counts[name, default: 0]
        }
        return answer(Call(name: name, repetition: repetition, arguments: arguments))
    }

    /// An RPC reply (RFC 5531 §9) behind its record mark.
    private func record(of answer: Answer, to call: UInt32) -> [UInt8] {
        let reply = XDR.build { reply in
            reply.int(call)
            reply.int(1)
            if case .rejected = answer { return [1, 1, 5].forEach { reply.int($0) } }
            if case .otherVersion = answer { return [0, 0, 0, 2, 4, 4].forEach { reply.int($0) } }
            for _ in 0..<4 { reply.int(0) }
            if case .status(let status) = answer {
                reply.int(status)
                for _ in 0..<8 { reply.int(0) }
            }
        }
        var results: [UInt8] = []
        if case .results(let bytes) = answer { results = bytes }
        return XDR.build { $0.int(0x8000_0000 | UInt32(reply.count + results.count)) } + reply + results
    }

    private func soundAnswer(to name: String) -> Answer {
        switch name {
        case "mount": .results(.mounted())
        case "getattr": .results(.attributes(type: 2))
        case "null", "null4": .results([])
        case "export": .results(.exported([("/scripted", ["10.0.0.0/24"])]))
        case "readdirplus": .results(.page([], isLast: true))
        default: .status(0)
        }
    }

    func read(_ count: Int, from connection: Int32, after name: String) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let received = bytes[filled...].withUnsafeMutableBytes { recv(connection, $0.baseAddress, $0.count, 0) }
            guard received > 0 else {
                if received < 0, errno == ECONNRESET {
                    state.withLock { _ = $0.lastCallsBeforeReset.insert(name) }
                }
                return nil
            }
            filled += received
        }
        return bytes
    }

    func send(_ bytes: ArraySlice<UInt8>, on connection: Int32) {
        _ = bytes.withUnsafeBytes { Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }
}
