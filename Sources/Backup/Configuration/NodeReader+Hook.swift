import Kubernetes
import Provisioning
import Yams

extension NodeReader {
    private static let hookKeys =
        ["name", "phase", "selector", "timeout", "onError", "retries", "executionPolicy"]
        + HookKind.allCases.map(\.rawValue)

    /// One hook; `nil` if too much of it is wrong.
    mutating func hook(_ node: Node) -> Hook? {
        let what = node.mapping?["name"]?.scalar.map { "hook “\($0.string)”" } ?? "a hook"
        guard let fields = fields(node, what, keys: Self.hookKeys) else { return nil }
        let name = value(fields, "name", expected: "use lower-case letters, digits and dashes, at most 63") { text in
            Self.isLabel(text) ? text : nil
        }
        let phase = word(fields, "phase", HookPhase.self)
        for key in ["name", "phase"] where fields[key] == nil { note(node, "\(what) has no \(key)") }
        let timeout = value(fields, "timeout", expected: "use a time such as 30s, 10m or 1h30m, from 1s to 7d") {
            text in
            Duration(configured: text)
        }
        let selector = fields["selector"].map { self.selector($0, what) }
        let onError = word(fields, "onError", Hook.ErrorPolicy.self)
        let policy = word(fields, "executionPolicy", Hook.ExecutionPolicy.self)
        let retries = value(fields, "retries", expected: "use a number from 0 to 10") { text in
            Int(text).flatMap { (0...10).contains($0) ? $0 : nil }
        }
        let action = action(fields)
        guard let name, let phase, let action else { return nil }
        var hook = Hook(name: name, phase: phase, action: action, timeout: timeout)
        hook.selector = selector ?? HookSelector()
        hook.onError = onError ?? hook.onError
        hook.executionPolicy = policy ?? hook.executionPolicy
        hook.retries = retries ?? hook.retries
        return hook
    }

    private mutating func action(_ hook: NodeFields) -> HookAction? {
        let kinds = HookKind.allCases.filter { hook[$0.rawValue] != nil }
        guard kinds.count == 1, let kind = kinds.first, let node = hook[kind.rawValue] else {
            note(hook.node, "\(hook.what) has \(kinds.isEmpty ? "none" : "several") of job, http and exec: give it one")
            return nil
        }
        return switch kind {
        case .job: jobHook(node, hook.what).map { .job($0) }
        case .http: httpHook(node, hook.what).map { .http($0) }
        case .exec: execHook(node, hook.what).map { .exec($0) }
        }
    }

    private mutating func httpHook(_ node: Node, _ what: String) -> HTTPHook? {
        let keys = ["url", "caFile", "secretFile", "tokenFile"]
        guard let fields = fields(node, "http of \(what)", keys: keys) else { return nil }
        let expected = "use an https address without user and password"
        let url = value(fields, "url", expected: expected) { HTTPHook.isAddress($0) ? $0 : nil }
        if fields["url"] == nil { note(node, "\(fields.what) has no url") }
        guard let url else { return nil }
        var hook = HTTPHook(url: url)
        hook.caFile = text(fields, "caFile")
        hook.secretFile = text(fields, "secretFile")
        hook.tokenFile = text(fields, "tokenFile")
        return hook
    }

    private mutating func execHook(_ node: Node, _ what: String) -> ExecHook? {
        guard let fields = fields(node, "exec of \(what)", keys: ["command", "stdin", "passEnvironment"]) else {
            return nil
        }
        var hook = ExecHook(command: texts(fields, "command"))
        if hook.command.first?.isEmpty ?? true {
            note(fields["command"] ?? node, "\(fields.what) has no command: list the program and its arguments")
        }
        hook.stdin = word(fields, "stdin", ExecHook.Input.self) ?? hook.stdin
        hook.passEnvironment = texts(fields, "passEnvironment")
        return hook
    }

    /// A DNS label (RFC 1123).
    static func isLabel(_ text: String) -> Bool {
        text.utf8.count <= 63 && text.wholeMatch(of: /[a-z0-9]([-a-z0-9]*[a-z0-9])?/) != nil
    }
}
