import Foundation
import TestBed

/// Works on the test bed's NFS server, and on nothing else, for valgrind to watch (`scripts/valgrind.sh`).
///
///     nfs-exercise SESSIONS   that many sessions of some 100 calls, each other one cut off in the middle
///     nfs-exercise leak       forgets some memory of C's instead, so that a watcher that sees nothing is found out
@main
struct NFSExercise {
    /// Not an asynchronous one: that would end the main thread, which valgrind does not survive.
    static func main() {
        let word = CommandLine.arguments.dropFirst().first ?? ""
        if word == "leak" { return leak() }
        guard let sessions = Int(word) else {
            print("usage: nfs-exercise SESSIONS|leak")
            exit(64)
        }
        Task.detached {
            do {
                try await exercise(sessions)
                exit(0)
            } catch {
                print("\(error)")
                exit(1)
            }
        }
        while true { pause() }
    }

    private static func exercise(_ sessions: Int) async throws {
        let bed = try TestBed.current()
        let way = try await ChangeBreaker(to: bed.nfsServer, port: bed.nfsPort)
        for number in 0..<sessions {
            try await ExerciseSession(number: number, on: bed, through: way).run(isCutOff: number.isMultiple(of: 2))
        }
        let cutOff = (sessions + 1) / 2
        guard way.connections == sessions + cutOff else {
            throw ExerciseFailure(
                description: "\(way.connections) connections where \(cutOff) of \(sessions) were cut off"
            )
        }
        print("\(way.calls) calls, \(way.connections) connections")
    }

    private static func leak() {
        for size in 1...100 { memset(malloc(size), 1, size) }
    }
}
