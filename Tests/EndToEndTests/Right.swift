import Testing

@testable import Commands

/// One verb of one resource, as roles give it.
struct Right: Hashable, Sendable {
    let scope: RequiredAccess.Scope
    let group: String
    /// A subresource behind a slash.
    let resource: String
    let verb: String
}

extension Right {
    /// Those that `doctor` looks for, which are those that the manifests give (``DoctorAccessTests``).
    static let needed = Set(RequiredAccess.all.flatMap(all))

    static func all(in access: RequiredAccess) -> [Right] {
        access.verbs.map { Right(scope: access.scope, group: access.group, resource: access.resource, verb: $0) }
    }

    /// What the API server says to whoever has it not.
    var refusal: String { "cannot \(verb) resource \"\(resource)\" in API group \"\(group)\"" }

    /// The rule of a role that gives it, as YAML writes it.
    var rule: String {
        let names = if case .object(let name) = scope { ", resourceNames: [\(name)]" } else { "" }
        return "{apiGroups: ['\(group)'], resources: [\(resource)], verbs: [\(verb)]\(names)}"
    }
}

extension Right: CustomTestStringConvertible {
    var testDescription: String { "\(verb) \(resource) \(scope)" }
}
