import Synchronization

/// Which of the configured exports answer, for those who ask whether this process is ready. Every replica looks.
package final class ExportHealth: Sendable {
    /// What is known of an export.
    package enum State: Hashable, Sendable {
        case answering
        /// Why it did not answer, or for how long it has not.
        case silent(reason: String)
    }

    private struct Look {
        /// nil: none has come to an end yet.
        var outcome: State?
        /// When the one under way began.
        var began: ContinuousClock.Instant?
    }

    /// How long a look may take before the export counts as silent.
    private static let patience = Duration.seconds(10)

    /// nil: which exports there are is not known yet.
    private let looks = Mutex<[ExportPath: Look]?>(nil)

    package init() {}

    /// Forgets the exports that are configured no more, and knows those that are.
    func keep(only exports: Set<ExportPath>) {
        looks.withLock { looks in
            let earlier = looks ?? [:]
            looks = Dictionary(uniqueKeysWithValues: exports.map { ($0, earlier[$0] ?? Look()) })
        }
    }

    func begin(_ export: ExportPath, at now: ContinuousClock.Instant = .now) {
        looks.withLock { $0?[export]?.began = now }
    }

    /// A look is over.
    ///
    /// - Parameters:
    ///   - export: What was looked at.
    ///   - outcome: What was seen; nil if the look was cut short.
    func end(_ export: ExportPath, _ outcome: State?) {
        looks.withLock { looks in
            looks?[export]?.began = nil
            if let outcome { looks?[export]?.outcome = outcome }
        }
    }

    /// Whether it is known which exports there are.
    package var areKnown: Bool { looks.withLock { $0 != nil } }

    /// Every export there is, by name.
    package func states(at now: ContinuousClock.Instant = .now) -> [(export: ExportPath, state: State)] {
        looks.withLock { $0 ?? [:] }.map { ($0.key, Self.state($0.value, at: now)) }
            .sorted { "\($0.export)" < "\($1.export)" }
    }

    private static func state(_ look: Look, at now: ContinuousClock.Instant) -> State {
        if let began = look.began, now - began >= patience, look.outcome ?? .answering == .answering {
            return .silent(reason: "no answer for \((now - began).components.seconds) seconds")
        }
        return look.outcome ?? .silent(reason: "it was not looked at yet")
    }
}
