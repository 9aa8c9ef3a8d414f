import Dispatch
import Glibc

/// A child process with our end of a stream as its standard input, which closes when this goes or the test process ends.
/// (Foundation's `Process` waits for all descendants, and a server that was started never ends by itself.)
final class ChildProcess: Sendable {
    private let pid: pid_t
    private let input: Int32

    init(_ arguments: [String], isQuiet: Bool = false) throws {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw ServerFailure(description: "socketpair: errno \(errno)")
        }
        defer { close(ends[0]) }
        input = ends[1]
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
        for output in 1...2 where isQuiet {
            posix_spawn_file_actions_addopen(&actions, Int32(output), "/dev/null", O_WRONLY, 0)
        }
        var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
        defer { for word in words { free(word) } }
        words.append(nil)
        var child = pid_t()
        let status = posix_spawn(&child, arguments[0], &actions, nil, words, environ)
        guard status == 0 else { throw ServerFailure(description: "posix_spawn \(arguments[0]): errno \(status)") }
        pid = child
    }

    deinit { close(input) }

    /// Waits for the child itself, not for what it started.
    func exitStatus() async -> Int32 {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { [pid] in
                var status: Int32 = 0
                while waitpid(pid, &status, 0) < 0, errno == EINTR {}
                continuation.resume(returning: status)
            }
        }
    }
}
