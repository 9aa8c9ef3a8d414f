import ArgumentParser
import Foundation
import Presentation
import UnixSignals

struct DoctorCommand: AsyncParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look at everything that the controller needs, and say what to do about what is wrong.",
        discussion: """
              sb-nfs-provisioner doctor
              sb-nfs-provisioner doctor --read-only -o json

            Give it the controller's settings, best by running it in its pod. It may run beside the controller. On each \
            export it makes a folder of its own, tries in it what the controller does, and removes it, also when it is \
            interrupted.

            Exit codes: 0 nothing has failed; 3 something has; 2 unusable settings; 1 interrupted.
            """
    )

    @OptionGroup var options: ControllerOptions

    @Flag(help: "Write nothing to the exports; what only writing shows is skipped.")
    var readOnly = false

    @Option(name: .shortAndLong, help: "text or json.")
    var output = Format.text

    func run() async throws {
        let configuration: ControllerConfiguration
        let file: String?
        do throws(ConfigurationError) {
            let values = try SettingValues(flags: options.values, config: options.exports.config)
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

    /// What the controller looks at besides before it starts.
    private static func check(_ configuration: ControllerConfiguration, of origin: String) -> Check {
        do throws(ServerCertificate.Unusable) {
            if let tls = configuration.reports?.tls { try ServerCertificate.check(tls) }
            return .ok(.settings, "the settings of \(origin) can be used")
        } catch {
            let remedy = "put certificate and key there, as docs/web-page.md says; without them no controller starts"
            return .failed(.settings, error.description, remedy: remedy)
        }
    }

    /// Does the work to its end, or cancels it at a signal; then it only cleans up.
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
        let sentences = ["interrupted before there was a diagnosis"] + left
        return ExitCode.failure.saying(SharesFailed(sentences: sentences))
    }

    @discardableResult
    private func show(_ checks: [Check]) throws -> Diagnosis {
        let diagnosis = Diagnosis(checks)
        let text =
            switch output {
            case .text: diagnosis.text(isColoured: FileHandle.standardOutput.takesColour)
            case .json: try String(json: diagnosis) + "\n"
            }
        try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
        return diagnosis
    }
}
