import ArgumentParser
import Backup
import Foundation
import Kubernetes
import Logging
import NFS
import Provisioning

/// The shares that an admin's command works on.
struct SharesInUse {
    let shares: [ShareConnection]
    /// nil if archives are purged only by hand.
    let retention: RetentionPolicy?
    /// The configured hooks, in the order of the file; the command runs them only if it changes something.
    let hooks: [Hook]
    /// All exports in use, including those that `--export` leaves out.
    let configured: ConfiguredShares
    let settings: ProvisionerSettings
    let cluster: ClusterReading
    /// The kubeconfig's path as configured; nil for the default.
    private let kubeconfig: String?
    /// The exports that a controller must have used: those of the settings, and those that our volumes lie on.
    private let expected: Set<ExportPath>

    /// Opens the exports that the settings, the cluster's classes and its volumes name, and closes them after `body`.
    /// An error of `body` is printed on standard error and ends the program with exit code 1, unless it is an exit
    /// code.
    ///
    /// - Parameters:
    ///   - options: The command's flags.
    ///   - changes: Whether the command may change something on a share.
    ///   - body: What the command does.
    /// - Throws: The exit code.
    static func run(
        _ options: ExportOptions,
        changes: Bool = true,
        _ body: (SharesInUse) async throws -> Void
    ) async throws {
        let configuration: ControllerConfiguration
        let shares: Shares
        let inUse: SharesInUse
        let hooks: CommandHooks
        do {
            configuration = try ControllerConfiguration(SettingValues(flags: options.values, config: options.config))
            let cluster = options.offline ? .notAsked : await ClusterReading(kubeconfig: configuration.kubeconfig)
            hooks = try CommandHooks(changes ? configuration.hooks : [], configuration)
            shares = Self.shares(configuration.log, hooks: hooks.runner, changes: changes)
            inUse = try SharesInUse(configuration, cluster, only: options.export) { shares[$0] }
        } catch {
            throw ExitCode.unusableSettings.saying(error)
        }
        inUse.warnOfSilentCluster()
        var failure: (any Error)?
        do {
            try await body(inUse)
        } catch {
            failure = error
        }
        await shares.close()
        await hooks.close()
        if let failure { throw failure as? ExitCode ?? ExitCode.failure.saying(failure) }
    }

    /// The cluster in which the command creates objects, even if it is not asked for exports (`--offline`).
    func clusterConfiguration() throws -> ClusterConfiguration {
        try ClusterConfiguration.load(kubeconfig: kubeconfig, environment: ProcessInfo.processInfo.environment)
    }

    private static func shares(_ log: LogSettings, hooks: any VolumeHooks, changes: Bool) -> Shares {
        let output = LogOutput(LogSettings(levels: log.levels.atLeast(.warning), format: log.format))
        return Shares(
            writer: "admin-\(ProcessInfo.processInfo.hostName)-\(UUID().uuidString.lowercased())",
            expectedIdentity: { _ in .marked },
            hooks: hooks,
            mayWrite: { changes },
            logger: output.logger(.provisioning)
        )
    }

    private init(
        _ configuration: ControllerConfiguration,
        _ cluster: ClusterReading,
        only export: String?,
        open: (ShareAddress) -> ShareConnection
    ) throws(ConfigurationError) {
        let settings = configuration.settings
        let volumes = cluster.volumes
        configured = ConfiguredShares(classes: cluster.classes, settings: settings, volumes: volumes)
        let named = ConfiguredShares(classes: [], settings: settings, volumes: volumes).shares
        expected = Set(named.map(\.export))
        self.settings = settings
        retention = configuration.retention
        hooks = configuration.hooks
        kubeconfig = configuration.kubeconfig
        self.cluster = cluster
        guard !configured.shares.isEmpty else {
            throw ConfigurationError("no export is named: set NFS_SERVER and NFS_PATH, or additionalExports")
        }
        shares = try Self.chosen(export, of: configured.shares).map(open)
    }

    private static func chosen(_ text: String?, of addresses: [ShareAddress]) throws(ConfigurationError)
        -> [ShareAddress]
    {
        guard let text else { return addresses }
        let chosen = addresses.filter { $0.export == ExportPath(text) }
        guard !chosen.isEmpty else {
            let known = addresses.map(\.description).joined(separator: ", ")
            throw ConfigurationError(
                "--export is \"\(text)\", which is not in use: use one of \(known), or add it with --additional-exports"
            )
        }
        return chosen
    }

    private func warnOfSilentCluster() {
        let sentence: String
        switch cluster {
        case .failed(let reason):
            sentence = "the cluster cannot be read, so only the exports of the settings are used: \(reason)"
        case .read(let snapshot) where snapshot.id == nil:
            sentence =
                "the namespace kube-system cannot be read, so volumes and archives that name a cluster count as another"
                + " cluster's"
        case .read, .notAsked:
            return
        }
        _ = ExitCode.failure.saying(ConfigurationError(sentence))
    }

    /// Runs `body` for each share in turn. A share that fails does not stop the others; an export that a class names
    /// and no controller has used yet contributes nothing.
    func gather<Value>(_ body: (ShareConnection) async throws -> Value) async -> (
        values: [Value], failures: SharesFailed?
    ) {
        var values: [Value] = []
        var sentences: [String] = []
        for share in shares {
            do {
                values.append(try await body(share))
            } catch is UnusedShare where !isExpected(share) {
                continue
            } catch {
                sentences.append("\(error)")
            }
        }
        return (values, sentences.isEmpty ? nil : SharesFailed(sentences: sentences))
    }

    /// Whether a controller must have used the share.
    func isExpected(_ share: ShareConnection) -> Bool { expected.contains(share.address.export) }

    /// Finds the share that has an archive.
    ///
    /// - Throws: `ShareError` if none has it or more than one, and ``SharesFailed`` if it may be on one that failed.
    func share(of id: String) async throws -> ShareConnection {
        let (holders, failures) = await gather { share in try await share.archiveIfPresent(id) == nil ? nil : share }
        let found = holders.compactMap { $0 }
        if found.count > 1 {
            let places = found.map(\.address.description).joined(separator: " and ")
            throw ShareError("archive \(id): found on \(places); choose one with --export server:/path")
        }
        if let share = found.first { return share }
        if let failures { throw failures }
        let places = shares.map(\.address.description).joined(separator: ", ")
        throw ShareError("archive \(id): not found on \(places); archive list shows all archives")
    }
}

extension SharesInUse {
    /// Refuses to purge an archive that the cluster still needs: that a claim waits for, that a volume lies on, or that
    /// lacks a required backup (K1: `archive purge` refuses them too).
    ///
    /// - Throws: `ShareError` naming what needs it; ``ConfigurationError`` if the cluster does not answer.
    func requireUnprotected(
        _ archive: ArchiveRecord,
        on share: ShareConnection,
        evenWithoutBackup: Bool
    ) async throws {
        // An archive whose purge has begun is no longer whole, so nothing can keep it.
        guard archive.state == .archived else { return }
        let protection = try await archiveProtection()
        let purge = "purge archive \(archive.id) on \(share.address)"
        if let use = protection.use(of: archive, on: share.address.export) {
            throw ShareError("\(purge): \(use); delete it first")
        }
        if !evenWithoutBackup, let why = protection.missingBackup(of: archive) {
            throw ShareError("\(purge): \(why); back it up, or use --without-backup")
        }
    }
}

/// The failures of some of several shares, one line each.
struct SharesFailed: Error, CustomStringConvertible {
    let sentences: [String]

    init(sentences: [String]) {
        self.sentences = sentences
    }

    /// Joins failures; nil if there are none.
    init?(_ failures: SharesFailed?...) {
        sentences = failures.flatMap { $0?.sentences ?? [] }
        if sentences.isEmpty { return nil }
    }

    var description: String { sentences.joined(separator: "\n") }
}
