import Provisioning

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
