import ArgumentParser
import Backup
import Foundation
import Logging
import NFS
import Provisioning

/// The shares that a command of an admin works on.
struct SharesInUse {
    let shares: [Share]
    /// nil: nothing is purged but by hand.
    let retention: RetentionPolicy?

    /// Opens the exports that the options name, and closes them after `body`. What `body` throws is said on standard error
    /// in one sentence, and ends the program with exit code 1; an exit code ends it as it is.
    static func run(_ options: ExportOptions, _ body: (SharesInUse) async throws -> Void) async throws {
        let configuration: ControllerConfiguration
        let addresses: [ShareAddress]
        do {
            configuration = try ControllerConfiguration(SettingValues(flags: options.values, config: options.config))
            addresses = ConfiguredShares(classes: [], settings: configuration.settings).shares
            guard !addresses.isEmpty else {
                throw ConfigurationError("no export is named: set NFS_SERVER and NFS_PATH, or additionalExports")
            }
        } catch {
            throw ExitCode.unusableSettings.saying(error)
        }
        var logger = Logger(label: "sb-nfs-provisioner") { label in StreamLogHandler.standardError(label: label) }
        logger.logLevel = max(configuration.logLevel, .warning)
        let shares = Shares(
            writer: "admin-\(ProcessInfo.processInfo.hostName)-\(UUID().uuidString.lowercased())",
            expectedIdentity: { _ in .marked },
            mayWrite: { true },
            logger: logger
        )
        var failure: (any Error)?
        do {
            try await body(SharesInUse(shares: addresses.map { shares[$0] }, retention: configuration.retention))
        } catch {
            failure = error
        }
        await shares.close()
        if let failure { throw failure as? ExitCode ?? ExitCode.failure.saying(failure) }
    }

    /// The share that has an archive.
    func share(of id: String) async throws -> Share {
        var failure: (any Error)?
        for share in shares {
            do {
                _ = try await share.archive(id)
                return share
            } catch {
                failure = error
            }
        }
        throw failure ?? ShareError("there is no archive \(id)")
    }
}
