import Foundation
import Logging
import ServiceLifecycle
import UnixSignals

/// Reloads the configuration file when it changes; SIGHUP makes it check immediately. A usable file takes effect. An
/// unusable one is rejected and reported once, and the old configuration stays in force.
actor ConfigurationWatch: Service {
    /// The file's text, or why it cannot be read.
    private enum Content: Equatable {
        case text(String)
        case unreadable(String)
    }

    private static let interval = Duration.seconds(2)
    /// The time between two reads that must agree: a file that is still being written differs.
    private static let pause = Duration.seconds(1)

    private let source: ConfigurationSource
    private let path: String
    private let judge: ReloadValidator
    private let metrics: ConfigurationMetrics
    private let notice: RejectionEvent
    private let onChange: @Sendable (ControllerConfiguration) -> Void
    private let logger: Logger
    private var configuration: ControllerConfiguration
    private var inForce: Content
    /// The content that was checked last.
    private var judged: Content
    /// The problems of that content that were reported; empty if it is in force.
    private var told: [String] = []

    /// - Parameters:
    ///   - start: The configuration at the start of the process.
    ///   - text: The file's text at that time.
    ///   - source: The sources of the settings.
    ///   - path: The file's path.
    ///   - judge: Checks whether a configuration can take effect.
    ///   - metrics: Records how each change ended.
    ///   - notice: Records on the pod that a file was rejected.
    ///   - logger: Logs how each change ended.
    ///   - onChange: Puts a configuration into effect.
    init(
        start: ControllerConfiguration,
        text: String,
        source: ConfigurationSource,
        path: String,
        judge: ReloadValidator,
        metrics: ConfigurationMetrics,
        notice: RejectionEvent,
        logger: Logger,
        onChange: @escaping @Sendable (ControllerConfiguration) -> Void
    ) {
        configuration = start
        (inForce, judged) = (.text(text), .text(text))
        self.source = source
        self.path = path
        self.judge = judge
        self.metrics = metrics
        self.notice = notice
        self.onChange = onChange
        var logger = logger
        logger[metadataKey: "file"] = "\(path)"
        self.logger = logger
        metrics.succeeded()
    }

    /// Runs until graceful shutdown or cancellation.
    func run() async throws {
        let hangups = await UnixSignalsSequence(trapping: .sighup)
        let (looks, look) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { for await _ in hangups { look.yield() } }
                group.addTask { while (try? await Task.sleep(for: Self.interval)) != nil { look.yield() } }
                group.addTask { for await _ in looks { await self.look() } }
            }
        }
    }

    private func look() async {
        let content = read()
        // A rejected file is checked again: the problem may have been outside it, such as a certificate that has since
        // come.
        guard content != judged || content != inForce else { return }
        if content != judged {
            guard (try? await Task.sleep(for: Self.pause)) != nil, read() == content else { return }
        }
        judged = content
        switch content {
        case inForce:
            told = []
            metrics.succeeded()
            logger.info("the configuration file matches the configuration in effect again")
        case .text(let text) where text.allSatisfy(\.isWhitespace):
            await refuse(ConfigurationError("\(path) is empty, perhaps not written yet: write at least a comment"))
        case .text(let text):
            await take(text)
        case .unreadable(let reason):
            await refuse(ConfigurationError(reason))
        }
    }

    private func read() -> Content {
        do throws(ConfigurationError) {
            return .text(try ConfigurationFile.text(of: path))
        } catch {
            return .unreadable("\(error)")
        }
    }

    private func take(_ text: String) async {
        let new: ControllerConfiguration
        do throws(ConfigurationError) {
            let values = try source.values(text)
            new = try ControllerConfiguration(values)
            try await judge.check(new, from: values, against: configuration)
        } catch {
            return await refuse(error)
        }
        let changed = new.differences(from: configuration)
        configuration = new
        inForce = .text(text)
        told = []
        metrics.succeeded()
        guard !changed.isEmpty else {
            return logger.info("the configuration file changed, but no setting did")
        }
        onChange(new)
        logger.info(
            "the configuration changed and takes effect",
            metadata: ["settings": .array(changed.map { "\($0)" })]
        )
    }

    private func refuse(_ error: ConfigurationError) async {
        metrics.failed()
        let problems = error.problems.map { "\($0)" }
        guard problems != told else { return }
        told = problems
        logger.error(
            "the changed configuration file is rejected; the old configuration stays in effect",
            metadata: ["problems": .array(problems.map { "\($0)" })]
        )
        await notice.send(error, file: path, by: configuration)
    }
}
