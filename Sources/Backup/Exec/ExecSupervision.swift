import Subprocess
import Synchronization

/// Feeds one running program and reads its output, until it ends or is killed.
final class ExecSupervision: Sendable {
    typealias Program = Execution<CustomWriteInput, SequenceOutput, SequenceOutput>

    /// What happened while the program ran.
    struct Report: Sendable {
        var hasTimedOut = false
        /// Why the program's input could not be read.
        var inputFailure: String?
        /// The size of the tar stream.
        var bytes: Int64?
        var output = OutputTail()
    }

    private let timeout: Duration
    private let grace: Duration
    private let report = Mutex(Report())

    /// - Parameters:
    ///   - timeout: How long the program may run before it is asked to end.
    ///   - grace: How long it then has before it is killed.
    init(timeout: Duration, grace: Duration) {
        self.timeout = timeout
        self.grace = grace
    }

    /// Watches the program until it has ended; call it once.
    func watch(_ program: Program, _ input: ExecInput) async -> Report {
        await withTaskGroup { group in
            group.addTask { await self.feed(program, input) }
            group.addTask { await self.drain(program.standardOutput) }
            group.addTask { await self.drain(program.standardError) }
            let deadline = ContinuousClock.now + timeout
            // Signal 0 has no effect: the first step only waits. The library adds the last step, SIGKILL.
            await program.teardown(using: [
                .send(signal: Signal(rawValue: 0), allowedDurationToNextStep: timeout), .terminateGroup(grace),
            ])
            let hasTimedOut = ContinuousClock.now >= deadline
            report.withLock { $0.hasTimedOut = hasTimedOut }
            // The program has ended but is not reaped yet, so its process id still names its own group.
            try? program.send(signal: .kill, toProcessGroup: true)
            group.cancelAll()
        }
        return report.withLock { $0 }
    }

    private func feed(_ program: Program, _ input: ExecInput) async {
        let writer = program.standardInputWriter
        do {
            var bytes: Int64 = 0
            try await input.pieces { piece in
                let frame = ExecFrame.frame(piece)
                // An error means that the pipe is closed: the program has ended, and its exit code tells the rest.
                guard (try? await writer.write(frame)) == frame.count else { return false }
                bytes += Int64(piece.count)
                return true
            }
            let count = bytes
            report.withLock { $0.bytes = input.kind == .tar ? count : nil }
            // A stream may simply end when the task is cancelled; what has arrived must not pass for all of it.
            if !Task.isCancelled { _ = try? await writer.write(ExecFrame.end) }
        } catch {
            guard !Task.isCancelled else { return }
            report.withLock { $0.inputFailure = "\(error)" }
            // Without the end frame: a truncated stream must not pass for a complete one.
            await program.teardown(using: [.terminateGroup(grace)])
        }
    }

    private func drain(_ output: SubprocessOutputSequence) async {
        // Once the program has ended, read only what is left in the pipe: another process may still write to it.
        var leftover = 1 << 20
        do {
            for try await chunk in output {
                chunk.withUnsafeBytes { bytes in report.withLock { $0.output.append(bytes) } }
                if Task.isCancelled { leftover -= chunk.count }
                guard leftover > 0 else { return }
            }
        } catch {
            report.withLock { $0.output.append(Array("\n(the rest of the output could not be read)".utf8)) }
        }
    }
}
