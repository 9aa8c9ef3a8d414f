import Presentation
import Provisioning

/// What `/readyz` answers, in the words of Kubernetes' own components.
struct Readiness {
    /// One thing that is looked at.
    struct Check: Hashable {
        let name: String
        /// Why it fails; nil: it does not.
        var failure: String?
        /// Whether its failure makes the process unready.
        var isDecisive = true

        fileprivate var line: String {
            failure.map { "[-]\(name) failed: \($0.printable)" } ?? "[+]\(name) ok"
        }
    }

    let checks: [Check]

    /// - Parameters:
    ///   - isClusterKnown: Whether its claims, volumes and classes are.
    ///   - exports: Those configured, with how they are.
    init(isClusterKnown: Bool, exports: [(export: ExportPath, state: ExportHealth.State)]) {
        let reason = "its claims, volumes and classes are not known yet"
        let each = exports.map { export, state in
            Check(name: "exports/\(export)", failure: state.failure, isDecisive: false)
        }
        // One of several that hangs costs its own claims alone.
        let isNoneAnswering = !each.isEmpty && each.allSatisfy { $0.failure != nil }
        checks =
            [Check(name: "ping"), Check(name: "cluster", failure: isClusterKnown ? nil : reason)] + each
            + [Check(name: "exports", failure: isNoneAnswering ? "none of \(each.count) answers" : nil)]
    }

    var isReady: Bool { checks.allSatisfy { $0.failure == nil || !$0.isDecisive } }

    /// - Parameter isVerbose: Whether every check is named also if all is well.
    /// - Returns: The body of the answer.
    func text(isVerbose: Bool) -> String {
        guard isVerbose || !isReady else { return "ok\n" }
        let lines = checks.map(\.line) + ["readyz check \(isReady ? "passed" : "failed")"]
        return lines.joined(separator: "\n") + "\n"
    }

    /// One check, and what it consists of.
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
