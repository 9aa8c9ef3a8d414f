import Foundation
import TestBed

@testable import Commands

/// A request as the test bed's API server notes it: only those of the ServiceAccounts in ``namespace``.
struct AuditedRequest: Decodable {
    /// As `scripts/bed.sh` has it.
    static let namespace = "audited"

    struct User: Decodable { let username: String }

    struct Object: Decodable {
        var resource: String?
        var subresource: String?
        var name: String?
        var apiGroup: String?
    }

    struct Response: Decodable { var code: Int? }

    let verb: String
    let requestURI: String
    let user: User
    let objectRef: Object?
    let responseStatus: Response?
    let annotations: [String: String]?

    /// Those of a ServiceAccount so far.
    static func all(of account: String, on bed: TestBed) throws -> [AuditedRequest] {
        let username = "system:serviceaccount:\(namespace):\(account)"
        return try String(contentsOfFile: "\(bed.folder)/audit.log", encoding: .utf8).split(separator: "\n")
            // The last line may be half-written.
            .filter { $0.contains("\"\(username)\"") && $0.hasSuffix("}") }
            .map { try JSONDecoder().decode(AuditedRequest.self, from: Data($0.utf8)) }
            .filter { $0.user.username == username }
    }

    var isDenied: Bool {
        responseStatus?.code == 403 || annotations?["authorization.k8s.io/decision"] == "forbid"
    }

    /// The right that a role of that name allowed it by; nil if it was allowed by another, such as everybody's.
    func right(by role: String) -> Right? {
        guard let object = objectRef, let resource = object.resource,
            let reason = annotations?["authorization.k8s.io/reason"],
            let allowed = reason.firstMatch(of: /of (Role|ClusterRole) "([^"]+)"/), allowed.2 == role
        else { return nil }
        let parts = [resource, object.subresource].compactMap { $0 }
        func right(_ scope: RequiredAccess.Scope) -> Right {
            Right(scope: scope, group: object.apiGroup ?? "", resource: parts.joined(separator: "/"), verb: verb)
        }
        let named = right(.object(object.name ?? ""))
        return Right.needed.contains(named) ? named : right(allowed.1 == "Role" ? .ownNamespace : .cluster)
    }
}
