import Presentation
import Provisioning

/// The answer of `/readyz`, in the words of Kubernetes' own components.
struct Readiness {
    /// One check of the probe.
    struct Check: Hashable {
        let name: String
        /// Why it fails; nil if it passes.
        var failure: String?
        /// Whether its failure makes the process unready.
        var isDecisive = true

        fileprivate var line: String {
            failure.map { "[-]\(name) failed: \($0.printable)" } ?? "[+]\(name) ok"
        }
    }

    let checks: [Check]

    /// - Parameters:
    ///   - isClusterKnown: Whether the cluster's claims, volumes and classes are known.
    ///   - exports: The configured exports, with their states.
    init(isClusterKnown: Bool, exports: [(export: ExportPath, state: ExportHealth.State)]) {
        let reason = "its claims, volumes and classes are not known yet"
        let each = exports.map { export, state in
            Check(name: "exports/\(export)", failure: state.failure, isDecisive: false)
        }
        // If one export of several hangs, only its own claims suffer.
        let isNoneAnswering = !each.isEmpty && each.allSatisfy { $0.failure != nil }
        checks =
            [Check(name: "ping"), Check(name: "cluster", failure: isClusterKnown ? nil : reason)] + each
            + [Check(name: "exports", failure: isNoneAnswering ? "none of \(each.count) answers" : nil)]
    }

    var isReady: Bool { checks.allSatisfy { $0.failure == nil || !$0.isDecisive } }

    /// - Parameter isVerbose: Whether to list every check even if all pass.
    /// - Returns: The body of the answer.
    func text(isVerbose: Bool) -> String {
        guard isVerbose || !isReady else { return "ok\n" }
        let lines = checks.map(\.line) + ["readyz check \(isReady ? "passed" : "failed")"]
        return lines.joined(separator: "\n") + "\n"
    }

    /// Narrows the answer to one check and its parts.
    ///
    /// - Returns: nil if there is no such check.
    func only(_ name: String) -> Readiness? {
        let checks = checks.filter { $0.name == name || $0.name.hasPrefix("\(name)/") }
        return checks.isEmpty ? nil : Readiness(checks: checks)
    }

    private init(checks: [Check]) {
        self.checks = checks
    }
}

extension ExportHealth.State {
    fileprivate var failure: String? {
        if case .silent(let reason) = self { reason } else { nil }
    }
}
