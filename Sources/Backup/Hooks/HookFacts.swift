import Crypto
import Foundation
import Kubernetes
import Provisioning

/// Everything one hook is told of one event: a flat JSON object with the fields of ``HookEvent`` and those here.
///
/// Absent values are left out. Fields may be added within a version; a change to the meaning of one makes a new version.
///
///     {"version": 1, "hook": "restic", "idempotencyKey": "5f0c…", "phase": "beforeArchive", "volume": "pvc-1",
///      "claim": {"namespace": "shop", "name": "db", "uid": "…"}, "storageClass": "sb-managed-nfs-storage",
///      "labels": {"app": "db"}, "annotations": {}, "capacity": "1Gi",
///      "export": {"server": "nas1", "path": "/srv"}, "path": "/srv/shop-db-pvc-1",
///      "archive": {"id": "pvc-1", "directory": "archived-shop-db-pvc-1"}, "reason": "the claim was deleted",
///      "requestedAt": "2026-01-31T08:00:00Z"}
package struct HookFacts: Codable, Hashable, Sendable {
    package let version: Int
    /// The hook's name.
    package let hook: String
    /// The same for every attempt of one hook at one event, and no other: 64 hexadecimal digits.
    package let idempotencyKey: String
    package let event: HookEvent

    /// - Parameters:
    ///   - event: What happens.
    ///   - hook: The hook that is told.
    package init(_ event: HookEvent, hook: String) {
        version = 1
        self.hook = hook
        self.event = event
        let identity = [
            event.phase.rawValue, event.volume, event.claim?.uid ?? "", event.archive?.id ?? "",
            event.requestedAt.description, hook,
        ]
        // No part of it can hold a line break.
        idempotencyKey = SHA256.hash(data: Data(identity.joined(separator: "\n").utf8)).hexadecimal
    }

    private enum CodingKeys: CodingKey {
        case version, hook, idempotencyKey
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        version = try container.decode(Int.self, forKey: .version)
        hook = try container.decode(String.self, forKey: .hook)
        idempotencyKey = try container.decode(String.self, forKey: .idempotencyKey)
        event = try HookEvent(from: decoder)
    }

    package func encode(to encoder: any Encoder) throws {
        try event.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(version, forKey: .version)
        try container.encode(hook, forKey: .hook)
        try container.encode(idempotencyKey, forKey: .idempotencyKey)
    }

    /// The JSON form on one line, keys sorted: the same facts are the same bytes.
    package var json: [UInt8] { Self.json(self) }

    static func json(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Strings and whole numbers always have a JSON form.
        return (try? encoder.encode(value)).map { [UInt8]($0) } ?? []
    }
}
