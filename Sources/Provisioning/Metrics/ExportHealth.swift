import Synchronization

/// Health of the configured exports, for readiness checks. Every replica probes them.
package final class ExportHealth: Sendable {
    /// Health of one export.
    package enum State: Hashable, Sendable {
        case answering
        /// `reason` says why it did not answer, or for how long it has not.
        case silent(reason: String)
    }

    private struct Look {
        /// nil until a probe has ended.
        var outcome: State?
        /// When the probe under way began.
        var began: ContinuousClock.Instant?
    }

    /// How long a probe may take before the export counts as silent.
    private static let patience = Duration.seconds(10)

    /// nil until the exports are known.
    private let looks = Mutex<[ExportPath: Look]?>(nil)

    package init() {}

    /// Forgets exports that are no longer configured, and adds those that are.
    func keep(only exports: Set<ExportPath>) {
        looks.withLock { looks in
            let earlier = looks ?? [:]
            looks = Dictionary(uniqueKeysWithValues: exports.map { ($0, earlier[$0] ?? Look()) })
        }
    }

    func begin(_ export: ExportPath, at now: ContinuousClock.Instant = .now) {
        looks.withLock { $0?[export]?.began = now }
    }

    /// Ends a probe.
    ///
    /// - Parameters:
    ///   - export: The export that was probed.
    ///   - outcome: The result; nil if the probe was cut short.
    func end(_ export: ExportPath, _ outcome: State?) {
        looks.withLock { looks in
            looks?[export]?.began = nil
            if let outcome { looks?[export]?.outcome = outcome }
        }
    }

    /// Whether it is known which exports there are.
    package var areKnown: Bool { looks.withLock { $0 != nil } }

    /// The state of every known export, sorted by name.
    package func states(at now: ContinuousClock.Instant = .now) -> [(export: ExportPath, state: State)] {
        looks.withLock { $0 ?? [:] }.map { ($0.key, Self.state($0.value, at: now)) }
            .sorted { "\($0.export)" < "\($1.export)" }
    }

    private static func state(_ look: Look, at now: ContinuousClock.Instant) -> State {
        if let began = look.began, now - began >= patience, look.outcome ?? .answering == .answering {
            return .silent(reason: "no answer for \((now - began).components.seconds) seconds")
        }
        return look.outcome ?? .silent(reason: "not probed yet")
    }
}
