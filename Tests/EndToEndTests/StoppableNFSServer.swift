import Foundation
import TestBed
import Testing

/// A real nfs-ganesha of a test's own that can be made to hang.
final class StoppableNFSServer: Sendable {
    private let server: OwnNFSServer
    private let pid: pid_t

    /// On the server's side.
    var export: URL { server.export }
    var mountOptions: [String] { server.mountOptions + ["timeo=50", "retrans=0"] }

    init() async throws {
        server = try await OwnNFSServer()
        pid = try #require(server.pid)
    }

    deinit { resume() }

    /// It keeps its sockets and answers nothing.
    func pause() { kill(pid, SIGSTOP) }

    func resume() { kill(pid, SIGCONT) }
}
