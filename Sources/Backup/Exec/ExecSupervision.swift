import Subprocess
import Synchronization

/// Feeds and reads one running program, until it has ended or was made to.
final class ExecSupervision: Sendable {
    typealias Program = Execution<CustomWriteInput, SequenceOutput, SequenceOutput>

    /// What was seen.
    struct Report: Sendable {
        var hasTimedOut = false
        /// Why what the program was to read could not be had.
        var inputFailure: String?
        /// Of the tar stream.
        var bytes: Int64?
        var output = OutputTail()
    }

    private let timeout: Duration
    private let grace: Duration
    private let report = Mutex(Report())

    /// - Parameters:
    ///   - timeout: When the program is asked to end.
    ///   - grace: What it gets until it is made to.
    init(timeout: Duration, grace: Duration) {
        self.timeout = timeout
        self.grace = grace
    }

    /// Returns when the program has ended; call it once.
    func watch(_ program: Program, _ input: ExecInput) async -> Report {
        await withTaskGroup { group in
            group.addTask { await self.feed(program, input) }
            group.addTask { await self.drain(program.standardOutput) }
            group.addTask { await self.drain(program.standardError) }
            let deadline = ContinuousClock.now + timeout
            // Signal 0 disturbs nobody: the first step only waits. The last one, SIGKILL, comes of itself.
            await program.teardown(using: [
                .send(signal: Signal(rawValue: 0), allowedDurationToNextStep: timeout), .terminateGroup(grace),
            ])
            let hasTimedOut = ContinuousClock.now >= deadline
            report.withLock { $0.hasTimedOut = hasTimedOut }
            // The program has ended but is not reaped yet, so its number still stands for its own group.
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
                // An error is that of a closed pipe: the program has ended, and its exit code tells the rest.
                guard (try? await writer.write(frame)) == frame.count else { return false }
                bytes += Int64(piece.count)
                return true
            }
            let count = bytes
            report.withLock { $0.bytes = input.kind == .tar ? count : nil }
            // A stream may just end when the task is cancelled; what has come so far must not pass for the whole.
            if !Task.isCancelled { _ = try? await writer.write(ExecFrame.end) }
        } catch {
            guard !Task.isCancelled else { return }
            report.withLock { $0.inputFailure = "\(error)" }
            // Here too its input is not ended before.
            await program.teardown(using: [.terminateGroup(grace)])
        }
    }

    private func drain(_ output: SubprocessOutputSequence) async {
        // After the program's end only what is left in the pipe counts, should somebody still write to it.
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
