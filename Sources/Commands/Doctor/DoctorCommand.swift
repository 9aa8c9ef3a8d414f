import ArgumentParser
import UnixSignals

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check the installation and suggest fixes.",
        discussion: """
              sb-nfs-provisioner doctor
              sb-nfs-provisioner doctor --read-only -o json

            Give it the controller's settings, best by running it in the controller's pod. It may run beside the \
            controller. On each export it creates a folder of its own, tries what the controller does there, and removes \
            the folder, also after an interruption.

            Exit codes: 0 no check failed; 3 a check failed; 2 unusable settings; 1 interrupted.
            """
    )

    @OptionGroup var options: ControllerOptions

    @Flag(help: "Write nothing to the exports; skip the checks that need to write.")
    var readOnly = false

    @OptionGroup var output: OutputOptions<Diagnosis>

    func run() async throws {
        let configuration: ControllerConfiguration
        let file: String?
        do throws(ConfigurationError) {
            let values = try SettingValues(flags: options.values, config: options.config)
            configuration = try ControllerConfiguration(values)
            file = values.file?.path
        } catch {
            let remedy = "correct it; docs/configuration.md has every setting"
            try show(error.problems.map { .failed(.settings, $0, remedy: remedy) })
            throw ExitCode.unusableSettings
        }
        let origin = file.map { "\($0) and the environment" } ?? "the flags and the environment"
        let settings = Self.check(configuration, of: origin)
        let doctor = Doctor(configuration: configuration, writes: !readOnly)
        let (checks, isInterrupted) = await Self.untilInterrupted { await doctor.examine() }
        guard !isInterrupted else { throw Self.interruption(checks) }
        let diagnosis = try show([settings] + checks)
        if diagnosis.result == .failed { throw ExitCode.problemsFound }
    }

    /// Checks the certificate too, as the controller does before it starts.
    private static func check(_ configuration: ControllerConfiguration, of origin: String) -> Check {
        do throws(ServerCertificate.Unusable) {
            if let tls = configuration.reports?.tls { try ServerCertificate.check(tls) }
            return .ok(.settings, "the settings of \(origin) are valid")
        } catch {
            let remedy = "put certificate and key there (docs/web-page.md); the controller does not start without them"
            return .failed(.settings, error.description, remedy: remedy)
        }
    }

    /// Runs the work to its end, or cancels it at a signal; cancelled work only cleans up.
    private static func untilInterrupted(
        _ work: @escaping @Sendable () async -> [Check]
    ) async -> (checks: [Check], isInterrupted: Bool) {
        await withTaskGroup(of: [Check]?.self) { group in
            group.addTask { await work() }
            group.addTask {
                for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup) { break }
                return nil
            }
            var (checks, isInterrupted): ([Check], Bool) = ([], false)
            while let result = await group.next() {
                if let result { checks = result } else { isInterrupted = checks.isEmpty }
                group.cancelAll()
            }
            return (checks, isInterrupted)
        }
    }

    private static func interruption(_ checks: [Check]) -> ExitCode {
        let left = checks.filter { $0.id == .exportClean && $0.result == .failed }.map(\.sentence)
        let sentences = ["doctor: interrupted before the checks finished"] + left
        return ExitCode.failure.saying(SharesFailed(sentences: sentences))
    }

    @discardableResult
    private func show(_ checks: [Check]) throws -> Diagnosis {
        let diagnosis = Diagnosis(checks)
        try output.print(diagnosis)
        return diagnosis
    }
}
