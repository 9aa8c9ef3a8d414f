import Foundation
import Kubernetes
import Provisioning

/// What a command of an admin can learn from the cluster.
enum ClusterReading {
    /// No cluster is configured, or it shall not be asked.
    case notAsked
    /// One is configured, and why it did not answer.
    case failed(reason: String)
    case read(ClusterContents)

    /// Asks the cluster that is configured where the program runs.
    init(kubeconfig: String?) async {
        do {
            let configuration = try ClusterConfiguration.loadIfPresent(
                kubeconfig: kubeconfig,
                environment: ProcessInfo.processInfo.environment
            )
            guard let configuration else {
                self = .notAsked
                return
            }
            self = .read(try await ClusterContents.read(from: configuration))
        } catch {
            self = .failed(reason: "\(error)")
        }
    }

    var hasFailed: Bool {
        if case .failed = self { true } else { false }
    }

    /// Whether an archive is of this cluster. Where a cluster was to be asked and does not say which it is, only an
    /// archive that names none is; where none was, all are.
    func isOurs(_ record: ArchiveRecord) -> Bool {
        if case .notAsked = self { return true }
        return record.isOf(contents?.id)
    }

    /// What the cluster protects from being purged, asked anew; nothing where none is asked.
    ///
    /// - Throws: ``ConfigurationError`` if the cluster does not answer: any archive could be in use, then.
    func archiveProtection(under settings: ProvisionerSettings) async throws -> ArchiveProtection {
        let reason: String
        switch self {
        case .notAsked:
            return .none
        case .failed(let cause):
            reason = cause
        case .read(let contents):
            do {
                return try await contents.archiveProtection(under: settings)
            } catch {
                reason = "\(error)"
            }
        }
        throw ConfigurationError(
            "purge archives: the cluster does not say which archives its claims, volumes and classes need: \(reason);"
                + " restore access to the cluster, or use --offline to purge without asking it"
        )
    }

    var contents: ClusterContents? {
        if case .read(let contents) = self { contents } else { nil }
    }
}
