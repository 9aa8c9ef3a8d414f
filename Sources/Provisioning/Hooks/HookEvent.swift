import Kubernetes

/// Event in a volume's life, as hooks see it; it stays the same when the controller restarts.
///
/// Encoded as a part of `HookFacts`.
package struct HookEvent: Codable, Hashable, Sendable {
    /// The claim, which may be gone.
    package struct Claim: Codable, Hashable, Sendable {
        package var namespace: String
        package var name: String
        package var uid: String

        package init(namespace: String, name: String, uid: String) {
            self.namespace = namespace
            self.name = name
            self.uid = uid
        }
    }

    /// An NFS export.
    package struct Export: Codable, Hashable, Sendable {
        package var server: String
        /// The exported directory, an absolute path on the server.
        package var path: String

        package init(server: String, path: String) {
            self.server = server
            self.path = path
        }
    }

    /// The archive the volume becomes, is, or was.
    package struct Archive: Codable, Hashable, Sendable {
        package var id: String
        /// Its name in the export's root.
        package var directory: String

        package init(id: String, directory: String) {
            self.id = id
            self.directory = directory
        }
    }

    package var phase: HookPhase
    /// The PersistentVolume's name.
    package var volume: String
    package var claim: Claim?
    package var storageClass: String?
    /// The claim's labels, as last seen at its deletion; before that, as of when its volume was made or bound to it.
    package var labels: [String: String] = [:]
    package var annotations: [String: String] = [:]
    /// The requested size as the claim wrote it, such as `1Gi`.
    package var capacity: String?
    package var export: Export
    /// The directory as it is now, an absolute path on the server.
    package var path: String
    package var archive: Archive?
    /// The cause, one sentence.
    package var reason: String?
    /// When the event was first recorded as due. Distinguishes two events of one volume and phase, so a retry must use
    /// the recorded time.
    package var requestedAt: Timestamp

    package init(phase: HookPhase, volume: String, export: Export, path: String, requestedAt: Timestamp) {
        self.phase = phase
        self.volume = volume
        self.export = export
        self.path = path
        self.requestedAt = requestedAt
    }
}

/// Lifecycle phase of a volume at which a hook runs.
package enum HookPhase: String, Codable, CaseIterable, Hashable, Sendable {
    /// The volume was made and its claim is bound.
    case afterProvision
    /// The volume was released; its directory is about to become an archive, and stays where it is if a hook fails.
    case beforeArchive
    /// The directory is an archive.
    case afterArchive
    /// The archive is about to be removed, and is kept if a hook fails.
    case beforePurge
    /// The archive is a volume again.
    case afterRestore
}
