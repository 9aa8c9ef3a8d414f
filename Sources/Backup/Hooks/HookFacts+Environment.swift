import Kubernetes
import Provisioning

extension HookFacts {
    /// A label or annotation map longer than this as JSON is left out of the environment, in bytes: whoever writes a
    /// claim must not be able to make the start of a program fail (`execve(2)`, `MAX_ARG_STRLEN`).
    private static let longestMap = 32 << 10

    /// The environment form. What is not known is an empty text, so that every variable is always set.
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
