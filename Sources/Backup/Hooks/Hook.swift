import Presentation
import Provisioning
import Settings
import Yams

/// One configured action at a lifecycle phase of a volume.
package struct Hook: Hashable, Sendable {
    /// What the failure of a hook, after its retries, means for its phase.
    package enum ErrorPolicy: String, CaseIterable, Hashable, Sendable {
        /// The phase fails, and the operation that waits for it does not go on.
        case fail = "Fail"
        /// The phase goes on; only the hook's result shows the failure.
        case `continue` = "Continue"
    }

    /// Whether a hook runs, depending on how the hooks before it ended.
    package enum ExecutionPolicy: String, CaseIterable, Hashable, Sendable {
        /// Also after a failed hook with `onError: Continue`.
        case always = "Always"
        /// Only if no hook before it failed.
        case onSuccess = "OnSuccess"
        /// Only if a hook before it failed, even if that failed the phase.
        case onFailure = "OnFailure"
    }

    /// Unique in the configuration; a DNS label, because Jobs are named after it.
    package var name: String
    package var phase: HookPhase
    package var selector = HookSelector()
    package var action: HookAction
    /// The time that each attempt may take.
    package var timeout: Duration
    package var onError = ErrorPolicy.fail
    /// Attempts after the first within one run of the phase. None by default: the controller repeats a phase that
    /// failed, with growing pauses, until it succeeds.
    package var retries = 0
    package var executionPolicy = ExecutionPolicy.always

    /// - Parameters:
    ///   - name: A DNS label.
    ///   - phase: When it runs.
    ///   - action: What it does.
    ///   - timeout: For each attempt; `nil` for the action's default, 1 hour for a Job or a copy, 30 seconds for the rest.
    package init(name: String, phase: HookPhase, action: HookAction, timeout: Duration? = nil) {
        self.name = name
        self.phase = phase
        self.action = action
        self.timeout = timeout ?? action.defaultTimeout
    }
    /// Whether it runs at the event.
    package func isFor(_ event: HookEvent) -> Bool { phase == event.phase && selector.matches(event) }
}

extension [Hook] {
    /// Reads the section.
    ///
    /// - Parameters:
    ///   - node: The value of `hooks`, a list.
    ///   - file: The file's path, for messages.
    /// - Throws: `SectionError` with every mistake.
    package init(_ node: Node, file: String) throws(SectionError) {
        var reader = SectionReader(file: file)
        var names: Set<String> = []
        self = []
        for part in reader.elements(SectionPart(name: "hooks", node: node)) ?? [] {
            guard let hook = Hook(part, reader: &reader) else { continue }
            if !names.insert(hook.name).inserted {
                reader.note(part, "has the name \"\(hook.name)\" of an earlier hook: give each its own name")
            }
            append(hook)
        }
        try reader.finish()
    }
}

extension Hook {
    private static let longestTimeout = Age(seconds: 7 * 86_400)

    /// - Returns: nil, with mistakes noted, if it has no usable name, phase or action.
    fileprivate init?(_ part: SectionPart, reader: inout SectionReader) {
        let keys = ["name", "phase", "selector", "timeout", "onError", "retries", "executionPolicy"]
        let kinds = HookKind.allCases.map(\.rawValue)
        guard let parts = reader.mapping(part, keys: keys + kinds, required: ["name", "phase"]) else { return nil }
        let expected = "use lower-case letters, digits and dashes, at most 63"
        let name = reader.value(parts["name"], expected: expected) { Self.isName($0) ? $0 : nil }
        let phase = reader.word(parts["phase"], HookPhase.self)
        let timeout = reader.age(parts["timeout"], upTo: Self.longestTimeout)
        let selector = parts["selector"].map { HookSelector($0, reader: &reader) }
        let onError = reader.word(parts["onError"], ErrorPolicy.self)
        let retries = reader.number(parts["retries"], in: 0...10)
        let policy = reader.word(parts["executionPolicy"], ExecutionPolicy.self)
        let action = Self.action(part, parts, &reader)
        guard let name, let phase, let action else { return nil }
        self.init(name: name, phase: phase, action: action, timeout: timeout.map { .seconds($0.seconds) })
        self.selector = selector ?? self.selector
        self.onError = onError ?? self.onError
        self.retries = retries ?? self.retries
        executionPolicy = policy ?? executionPolicy
    }

    private static func action(
        _ hook: SectionPart,
        _ parts: [String: SectionPart],
        _ reader: inout SectionReader
    ) -> HookAction? {
        let kinds = HookKind.allCases.filter { parts[$0.rawValue] != nil }
        guard kinds.count == 1, let kind = kinds.first, let part = parts[kind.rawValue] else {
            let what = kinds.isEmpty ? "no action" : "several actions"
            reader.note(hook, "has \(what): use one of job, http, exec and copy")
            return nil
        }
        return switch kind {
        case .job: JobHook(part, reader: &reader).map { .job($0) }
        case .http: HTTPHook(part, reader: &reader).map { .http($0) }
        case .exec: ExecHook(part, reader: &reader).map { .exec($0) }
        case .copy: CopyHook(part, reader: &reader).map { .copy($0) }
        }
    }

    /// Whether it is a DNS label (RFC 1123).
    static func isName(_ text: String) -> Bool {
        text.utf8.count <= 63 && text.wholeMatch(of: /[a-z0-9]([-a-z0-9]*[a-z0-9])?/) != nil
    }
}

/// What a hook does, with its options.
package enum HookAction: Hashable, Sendable {
    case job(JobHook)
    case http(HTTPHook)
    case exec(ExecHook)
    case copy(CopyHook)

    package var kind: HookKind {
        switch self {
        case .job: .job
        case .http: .http
        case .exec: .exec
        case .copy: .copy
        }
    }

    var defaultTimeout: Duration {
        switch self {
        case .job, .copy: .seconds(3600)
        case .http, .exec: .seconds(30)
        }
    }
}
