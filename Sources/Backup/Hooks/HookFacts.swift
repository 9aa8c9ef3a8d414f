import Crypto
import Foundation
import Kubernetes
import Presentation
import Provisioning

/// Everything that one hook receives about one event: a flat JSON object with the fields of `HookEvent` and those
/// here.
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
    /// 64 hexadecimal digits, the same for every attempt of one hook at one event, and different for any other.
    package let idempotencyKey: String
    package let event: HookEvent

    /// - Parameters:
    ///   - event: What happens.
    ///   - hook: The name of the hook that receives them.
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

    /// The JSON form on one line with sorted keys: equal facts give equal bytes.
    package var json: [UInt8] { Self.json(self) }

    static func json(_ value: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Strings and whole numbers always have a JSON form.
        return (try? encoder.encode(value)).map { [UInt8]($0) } ?? []
    }
}

extension HookFacts {
    /// The longest label or annotation map in the environment, in bytes of JSON; a longer one is left out. The author
    /// of a claim must not be able to keep a program from starting (`execve(2)`, `MAX_ARG_STRLEN`).
    private static let longestMap = 32 << 10

    /// The facts as environment variables. An unknown value is empty, so that every variable is always set.
    ///
    /// | variable | holds |
    /// |---|---|
    /// | `SB_NFS_VERSION` | version of this table, `1` |
    /// | `SB_NFS_HOOK`, `SB_NFS_PHASE` | name of the hook, phase |
    /// | `SB_NFS_IDEMPOTENCY_KEY` | the same for every attempt of this hook at this event |
    /// | `SB_NFS_VOLUME`, `SB_NFS_STORAGE_CLASS`, `SB_NFS_CAPACITY` | the volume's name, class and size as asked for |
    /// | `SB_NFS_CLAIM_NAMESPACE`, `SB_NFS_CLAIM_NAME`, `SB_NFS_CLAIM_UID` | the claim |
    /// | `SB_NFS_LABELS`, `SB_NFS_ANNOTATIONS` | the claim's, as JSON objects; empty when above 32 KiB |
    /// | `SB_NFS_SERVER`, `SB_NFS_EXPORT`, `SB_NFS_PATH` | the server, its exported directory, the volume's directory on it |
    /// | `SB_NFS_ARCHIVE_ID`, `SB_NFS_ARCHIVE_DIRECTORY` | the archive's id and its name in the export's root |
    /// | `SB_NFS_REASON`, `SB_NFS_REQUESTED_AT` | why it happens, and since when (RFC 3339) |
    package var environment: [String: String] {
        let values: [String: String?] = [
            "VERSION": "\(version)",
            "HOOK": hook,
            "PHASE": event.phase.rawValue,
            "IDEMPOTENCY_KEY": idempotencyKey,
            "VOLUME": event.volume,
            "STORAGE_CLASS": event.storageClass,
            "CAPACITY": event.capacity,
            "CLAIM_NAMESPACE": event.claim?.namespace,
            "CLAIM_NAME": event.claim?.name,
            "CLAIM_UID": event.claim?.uid,
            "LABELS": Self.map(event.labels),
            "ANNOTATIONS": Self.map(event.annotations),
            "SERVER": event.export.server,
            "EXPORT": event.export.path,
            "PATH": event.path,
            "ARCHIVE_ID": event.archive?.id,
            "ARCHIVE_DIRECTORY": event.archive?.directory,
            "REASON": event.reason,
            "REQUESTED_AT": event.requestedAt.description,
        ]
        return Dictionary(uniqueKeysWithValues: values.map { ("SB_NFS_\($0)", $1 ?? "") })
    }

    private static func map(_ map: [String: String]) -> String? {
        let bytes = json(map)
        return bytes.count <= longestMap ? String(decoding: bytes, as: UTF8.self) : nil
    }
}
