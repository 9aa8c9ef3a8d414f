import Foundation
import Kubernetes
import Yams

@testable import Commands

/// A role, or what binds one, as a manifest or the API server has it.
struct RoleManifest: Decodable {
    struct Rule: Decodable {
        var apiGroups: [String]?
        var resources: [String]?
        var resourceNames: [String]?
        var verbs: [String]
    }

    struct Reference: Decodable { var name: String }

    var kind: String
    var rules: [Rule]?
    var roleRef: Reference?

    /// Every object of a file of the project.
    static func all(_ file: String) throws -> [RoleManifest] {
        let text = try String(contentsOf: MetricsPage.repository.appending(path: file), encoding: .utf8)
        return try Yams.compose_all(yaml: text).map { try YAMLDecoder().decode(RoleManifest.self, from: $0) }
    }

    /// What it gives, a verb of a resource each.
    var rights: [Right] {
        let scope: RequiredAccess.Scope = kind == "ClusterRole" ? .cluster : .ownNamespace
        return (rules ?? []).flatMap { rule in
            (rule.apiGroups ?? []).flatMap { group in
                (rule.resources ?? []).flatMap { resource in
                    rule.verbs.flatMap { verb in
                        (rule.resourceNames.map { $0.map(RequiredAccess.Scope.object) } ?? [scope]).map { scope in
                            Right(scope: scope, group: group, resource: resource, verb: verb)
                        }
                    }
                }
            }
        }
    }
}
