import Foundation
import Provisioning
import Synchronization
import TestBed
import Testing

@testable import Backup

@Suite("Programs as hooks", .timeLimit(.minutes(10)))
struct ExecActionTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func hook(_ script: String, _ change: (inout ExecHook) -> Void = { _ in }) throws -> ExecHook {
        var hook = ExecHook(command: [
            try folder.write("hook", "#!/bin/sh\n" + script, mode: 0o700), "an argument; $HOME",
        ])
        change(&hook)
        return hook
    }

    private func run(
        _ hook: ExecHook,
        timeout: Duration = .seconds(30),
        environment: [String: String] = ["PATH": "/usr/bin:/bin"],
        tar: TarSource? = nil
    ) async throws -> HookAttempt {
        try await ExecAction(environment: environment, launcher: BuiltProgram.path, grace: .milliseconds(500))
            .attempt(hook, .sample, timeout: timeout, tar: tar)
    }

    private func isRunning(_ pid: Int) -> Bool {
        let state = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
        return state.map { !$0.contains(") Z ") } ?? false
    }

    private func pid(in file: String) async throws -> Int {
        try await eventually("the program writes \(file)") {
            FileManager.default.contents(atPath: folder.path + "/" + file)?.last == UInt8(ascii: "\n")
        }
        let text = try String(contentsOfFile: folder.path + "/" + file, encoding: .utf8)
        return try #require(Int(text.trimmingCharacters(in: .whitespacesAndNewlines)))
    }

    @Test func aProgramGetsItsArgumentsTheFactsAndWhatIsPassedOnAndNothingElse() async throws {
        let hook = try hook(#"echo "$1|$SB_NFS_VOLUME|$MINE|$OTHER|$#"; echo err >&2"#) {
            $0.passEnvironment = ["MINE", "NONE"]
        }
        let environment = ["PATH": "/usr/bin:/bin", "MINE": "m", "OTHER": "o"]
        let attempt = try await run(hook, environment: environment)
        #expect(attempt.outcome == .succeeded)
        #expect(attempt.exitCode == 0)
        #expect(attempt.output?.contains("an argument; $HOME|pvc-1|m||1") ?? false)
        #expect(attempt.output?.contains("err") ?? false)
        let names = try await run(ExecHook(command: ["env"]), environment: environment).output ?? ""
        #expect(names.split(separator: "\n").allSatisfy { $0.hasPrefix("SB_NFS_") || $0.hasPrefix("PATH=") })
    }

    @Test func theFactsCanBeRead() async throws {
        let attempt = try await run(try hook("cat") { $0.stdin = .json })
        #expect(attempt.output == String(decoding: HookFacts.sample.json, as: UTF8.self))
        #expect(try await run(try hook("cat")).output == nil)
    }

    @Test func aTreeIsStreamedWhole() async throws {
        let tar: TarSource = { _ in
            AsyncThrowingStream { continuation in
                for number in 0..<256 {
                    continuation.yield([UInt8](repeating: UInt8(number), count: 64 << 10))
                }
                continuation.finish()
            }
        }
        let attempt = try await run(try hook("sha256sum") { $0.stdin = .tar }, tar: tar)
        #expect(attempt.bytes == 16 << 20)
        let bytes = (0..<256).flatMap { [UInt8](repeating: UInt8($0), count: 64 << 10) }
        let file = folder.path + "/expected"
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        #expect(
            attempt.output?.hasPrefix(try await run(ExecHook(command: ["sha256sum", file])).output?.prefix(64) ?? "-")
                ?? false
        )
    }

    @Test func aProgramNeedNotReadToTheEnd() async throws {
        let endless: TarSource = { _ in AsyncThrowingStream(unfolding: { [UInt8](repeating: 0, count: 64 << 10) }) }
        let quits = try await run(try hook("exit 0") { $0.stdin = .tar }, tar: endless)
        #expect(quits.outcome == .succeeded)
        let closes = try await run(try hook("exec 0<&-; sleep 0.2; echo done") { $0.stdin = .tar }, tar: endless)
        #expect(closes.outcome == .succeeded)
        #expect(closes.output == "done")
    }

    @Test func aStreamThatBreaksIsNotTakenForAWholeOne() async throws {
        struct Lost: Error, CustomStringConvertible {
            var description: String { "the NFS server is gone" }
        }
        let broken: TarSource = { _ in
            let count = Mutex(0)
            return AsyncThrowingStream(unfolding: {
                if count.withLock({
                    $0 += 1; return $0
                }) > 3 {
                    throw Lost()
                }
                return [UInt8](repeating: 0, count: 64 << 10)
            })
        }
        let script = "trap 'exit 0' TERM; cat > \(folder.path)/copy; echo whole > \(folder.path)/whole"
        let attempt = try await run(try hook(script) { $0.stdin = .tar }, tar: broken)
        #expect(attempt.outcome == .failed)
        #expect(attempt.message.contains("the NFS server is gone"))
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/whole"))
    }

    @Test func aTreeThatIsNotThereFails() async throws {
        let attempt = try await run(try hook("cat") { $0.stdin = .tar })
        #expect(attempt.outcome == .failed)
        #expect(attempt.message.contains("no directory to read"))
    }

    @Test(arguments: [
        ("exit 3", 3, "exited with code 3"), ("exit 137", 137, "code 137"), ("kill -9 $$", 137, "signal 9"),
    ])
    func anyOtherEndIsAFailure(script: String, code: Int, message: String) async throws {
        let attempt = try await run(try hook(script))
        #expect(attempt.outcome == .failed)
        #expect(attempt.exitCode == code)
        #expect(attempt.message.contains(message))
    }

    @Test func aProgramThatIsNotThereIsOneSentence() async throws {
        let attempt = try await run(ExecHook(command: ["/no/such/program"]))
        #expect(attempt.outcome == .failed)
        #expect(attempt.message == "the program /no/such/program was not found in the controller's container")
    }

    @Test func ofMuchOutputTheEndIsKept() async throws {
        let attempt = try await run(try hook("head -c 100000000 /dev/zero | tr '\\0' x; echo; echo the end"))
        #expect(attempt.outcome == .succeeded)
        #expect(attempt.output?.hasSuffix("the end") ?? false)
        #expect((attempt.output?.utf8.count ?? 0) <= OutputTail.limit)
    }

    @Test func atTheTimeoutTheWholeGroupIsKilled() async throws {
        let script = """
            trap '' TERM
            sh -c 'trap "" TERM; echo $$ > \(folder.path)/child; while :; do sleep 1; done' &
            while :; do sleep 1; done
            """
        let attempt = try await run(try hook(script), timeout: .milliseconds(700))
        #expect(attempt.outcome == .timedOut)
        #expect(attempt.exitCode == 137)
        let child = try await pid(in: "child")
        try await eventually("the child is gone") { !isRunning(child) }
    }

    @Test func aProgramThatObeysAtTheTimeoutHasTimedOutAllTheSame() async throws {
        let attempt = try await run(
            try hook("trap 'echo bye; exit 0' TERM; sleep 60 & wait"),
            timeout: .seconds(2)
        )
        #expect(attempt.outcome == .timedOut)
        #expect(attempt.output == "bye")
    }

    @Test func whatAProgramLeavesBehindIsKilledAndNotWaitedFor() async throws {
        let script =
            "sh -c 'echo $$ > \(folder.path)/child; exec sleep 60' & while [ ! -s \(folder.path)/child ]; do sleep 0.01; done"
        let attempt = try await run(try hook(script))
        #expect(attempt.outcome == .succeeded)
        let child = try await pid(in: "child")
        try await eventually("the child is gone") { !isRunning(child) }
    }

    @Test func cancellingKillsTheProgramAndTellsNothingOfIt() async throws {
        let hook = try hook("echo $$ > \(folder.path)/self; trap '' TERM; while :; do sleep 1; done")
        let task = Task { try await run(hook) }
        let program = try await pid(in: "self")
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(!isRunning(program))
    }

    @Test func aStreamCutByCancellingIsNotTakenForAWholeOne() async throws {
        let stalling: TarSource = { _ in
            let (stream, continuation) = AsyncThrowingStream.makeStream(of: [UInt8].self)
            continuation.yield([1, 2, 3])
            return stream
        }
        let path = folder.path
        let hook = try hook("trap '' TERM; echo $$ > \(path)/self; cat > \(path)/copy && echo > \(path)/whole") {
            $0.stdin = .tar
        }
        let task = Task { try await run(hook, tar: stalling) }
        try await eventually("the program reads") { FileManager.default.contents(atPath: path + "/copy")?.count == 3 }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(!FileManager.default.fileExists(atPath: path + "/whole"))
    }

    @Test func whatIsPassedOnIsNotShown() async throws {
        let hook = try hook(#"echo "password $PASSWORD in $FILE, key $KEY""#) {
            $0.passEnvironment = ["PASSWORD", "FILE", "KEY"]
        }
        let environment = [
            "PATH": "/usr/bin:/bin", "PASSWORD": "planted-secret", "FILE": "/etc/passwd", "KEY": "/planted+base64=",
        ]
        #expect(try await run(hook, environment: environment).output == "password ••• in /etc/passwd, key •••")
    }
}
