import Backup
import Provisioning

/// What is to be thought of what was found of a hook.
enum HookVerdict {
    static func checks(_ hook: Hook, _ findings: [HookFinding]) -> [Check] {
        let name = "the hook \(hook.name)"
        guard !findings.isEmpty else {
            let sentence =
                switch hook.action {
                case .exec(let exec): "\(exec.command.first ?? "its program") can be run"
                case .http: "its server takes connections, and its files can be read"
                case .job: "the API server takes its Job"
                case .copy(let copy): if case .folder = copy.to { "\(copy.to) is there" } else { "see \(copy.to)" }
                }
            return [.ok(.hook, of: hook.name, "\(name) (\(hook.phase.rawValue)): \(sentence)")]
        }
        return findings.map { finding in
            let sentence = "\(name) (\(hook.phase.rawValue)): \(finding.sentence)"
            return finding.isFatal
                ? .failed(.hook, of: hook.name, sentence, remedy: finding.remedy)
                : .warning(.hook, of: hook.name, sentence, remedy: finding.remedy)
        }
    }
}
