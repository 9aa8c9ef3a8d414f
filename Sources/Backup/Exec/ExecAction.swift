import Presentation
import Provisioning
import Subprocess
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Runs programs as hooks.
///
/// Each runs in its own session, below an ``ExecGuard``, which kills it if the controller is killed. At the timeout,
/// and when the task is cancelled, its process group gets SIGTERM, and SIGKILL if the program has not ended after a
/// grace period. Processes that a program leaves behind in its group are killed.
package struct ExecAction: Sendable {
    private let environment: [String: String]
    private let launcher: FilePath
    private let grace: Duration

    /// - Parameters:
    ///   - environment: The controller's own.
    ///   - launcher: The path of the controller's program; its subcommand ``ExecGuard/commandName`` starts a hook's
    ///     program.
    ///   - grace: The time that a program has to end after SIGTERM.
    package init(environment: [String: String], launcher: String, grace: Duration = .seconds(10)) {
        self.environment = environment
        self.launcher = FilePath(launcher)
        self.grace = grace
        _ = Self.brokenPipesAreErrors
    }

    /// Ignores SIGPIPE: a program that ends without reading all of its input must not end this process.
    private static let brokenPipesAreErrors: Void = { _ = signal(SIGPIPE, SIG_IGN) }()

    /// Runs the program once.
    func attempt(
        _ hook: ExecHook,
        _ facts: HookFacts,
        timeout: Duration,
        tar: TarSource?
    ) async throws(CancellationError) -> HookAttempt {
        let attempt = await run(hook, facts, timeout, tar)
        if Task.isCancelled { throw CancellationError() }
        return attempt
    }

    private func run(_ hook: ExecHook, _ facts: HookFacts, _ timeout: Duration, _ tar: TarSource?) async -> HookAttempt
    {
        let program = hook.command.first ?? ""
        var options = PlatformOptions()
        options.createSession = true
        options.teardownSequence = [.terminateGroup(grace)]
        let input = ExecInput(hook.stdin, facts, tar)
        let environment = Environment.custom(variables(hook, facts))
        do {
            _ = try await Executable.program(program).runnablePath(in: environment)
            let result = try await Subprocess.run(
                .path(launcher),
                arguments: Arguments([ExecGuard.commandName] + hook.command),
                environment: environment,
                platformOptions: options,
                input: .inputWriter,
                output: .sequence,
                error: .sequence
            ) { execution in
                await ExecSupervision(timeout: timeout, grace: grace).watch(execution, input)
            }
            var attempt = Self.attempt(program, result.terminationStatus, result.closureResult, timeout)
            attempt.output = result.closureResult.output.text(without: secrets(hook))
            return attempt
        } catch {
            return HookAttempt(.failed, Self.sentence(program, error))
        }
    }

    /// Why a program did not run.
    static func sentence(_ program: String, _ error: any Error) -> String {
        let isMissing =
            error as? Errno == .noSuchFileOrDirectory || (error as? SubprocessError)?.code == .executableNotFound
        return isMissing
            ? "the program \(program) was not found in the controller's container"
            : "the program \(program) cannot be run: \(error)"
    }

    private static func attempt(
        _ program: String,
        _ status: TerminationStatus,
        _ report: ExecSupervision.Report,
        _ timeout: Duration
    ) -> HookAttempt {
        var attempt: HookAttempt
        switch status {
        case _ where report.hasTimedOut:
            attempt = HookAttempt(.timedOut, "\(program) did not end within \(timeout.words) and was stopped")
        case _ where report.inputFailure != nil:
            let reason = report.inputFailure ?? ""
            attempt = HookAttempt(.failed, "\(program) was stopped: its input could not be read: \(reason)")
        case .exited(0):
            attempt = HookAttempt(.succeeded, "\(program) succeeded")
        case .exited(let code):
            attempt = HookAttempt(.failed, "\(program) exited with code \(code)")
        case .signaled(let signal):
            attempt = HookAttempt(.failed, "\(program) was killed by signal \(signal)")
        }
        attempt.exitCode =
            switch status {
            case .exited(let code): Int(code)
            // The convention of shells and containers.
            case .signaled(let signal): 128 + Int(signal)
            }
        attempt.bytes = report.bytes
        return attempt
    }

    private func variables(_ hook: ExecHook, _ facts: HookFacts) -> [Environment.Key: String] {
        var variables = environment.filter { $0.key == "PATH" || hook.passEnvironment.contains($0.key) }
        variables.merge(facts.environment) { _, fact in fact }
        let pairs = variables.compactMap { name, value in Environment.Key(rawValue: name).map { ($0, value) } }
        return Dictionary(pairs, uniquingKeysWith: { _, last in last })
    }

    /// The passed values that may be secrets: all but short texts and paths of existing files.
    private func secrets(_ hook: ExecHook) -> [String] {
        hook.passEnvironment.compactMap { environment[$0] }.filter {
            $0.utf8.count >= 8 && !($0.hasPrefix("/") && access($0, F_OK) == 0)
        }
    }
}

extension TeardownStep {
    /// Asks the whole process group to end.
    static func terminateGroup(_ grace: Duration) -> TeardownStep {
        .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: grace)
    }
}
