import Kubernetes
import Logging
import NFS
import Presentation
import Provisioning

/// Makes copies as hooks: the tree's tar stream becomes a file on another NFS export or in a local folder, with a
/// ``CopyManifest`` beside it.
///
/// The file gets its final name only once it is on disk and, if the hook asks for it, has been read back. A copy that
/// is stopped or fails leaves no file behind, as long as the destination can be reached.
package struct CopyAction: Sendable {
    private let mayWrite: @Sendable () -> Bool
    private let logger: Logger

    /// - Parameters:
    ///   - mayWrite: Whether changes are allowed; called before each change of the destination, as for `Export`.
    ///   - logger: Logs errors that the export recovers from.
    package init(mayWrite: @escaping @Sendable () -> Bool, logger: Logger) {
        self.mayWrite = mayWrite
        self.logger = logger
    }

    /// Makes the copy.
    func attempt(
        _ hook: CopyHook,
        _ facts: HookFacts,
        timeout: Duration,
        tar: TarSource?
    ) async throws(CancellationError) -> HookAttempt {
        let attempt = await withDeadline(timeout) { await self.copy(hook, facts, tar) }
        if Task.isCancelled { throw CancellationError() }
        return attempt ?? HookAttempt(.timedOut, "copy to \(hook.to): not finished within \(timeout.words)")
    }

    private func copy(_ hook: CopyHook, _ facts: HookFacts, _ tar: TarSource?) async -> HookAttempt {
        switch hook.to {
        case .folder(let path):
            return await run(hook, facts, tar) { name in
                try await LocalCopyFolder(name, in: path, mayWrite: mayWrite)
            }
        case .export(let address, let options):
            let export = Export(address: address, options: options, mayWrite: mayWrite, logger: logger)
            let attempt = await run(hook, facts, tar) { name in try await NFSCopyFolder(name, on: export) }
            await export.close()
            return attempt
        }
    }

    private func run(
        _ hook: CopyHook,
        _ facts: HookFacts,
        _ tar: TarSource?,
        open: (NFSName) async throws -> any CopyFolder
    ) async -> HookAttempt {
        guard let tar else { return HookAttempt(.failed, "copy to \(hook.to): this phase has no directory to copy") }
        do {
            let names = try CopyNames(facts, hook.compression)
            let folder = try await open(names.folder)
            return try await CopyRun(hook: hook, facts: facts, names: names, folder: folder).run(tar)
        } catch {
            return HookAttempt(.failed, "copy to \(hook.to): \(error)")
        }
    }
}
