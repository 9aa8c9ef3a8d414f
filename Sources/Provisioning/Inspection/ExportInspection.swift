import Logging
import NFS

/// Inspection of an export for troubleshooting, from its server's name to a rename on it.
///
/// It may run alongside a controller and other inspections. It works in a folder of its own, which it removes before it
/// returns, even if it fails or its task is cancelled.
package struct ExportInspection: Sendable {
    private let share: ShareAddress
    private let writes: Bool

    /// - Parameters:
    ///   - share: The export, and how to talk to its server.
    ///   - writes: Whether it may write.
    package init(of share: ShareAddress, writes: Bool) {
        self.share = share
        self.writes = writes
    }

    package func run() async -> ExportObservation {
        let server = await ServerProbe(share.export.address, share.options).look()
        var sight = ExportObservation(share: share, server: server)
        guard server.offersNFSv3 else { return sight }
        let export = Export(
            address: share.export.address,
            options: share.options,
            mayWrite: { [writes] in writes },
            logger: Logger(label: "inspection") { _ in SwiftLogNoOpLogHandler() }
        )
        do throws(NFSError) {
            let root = try await export.remount()
            sight.mount = .success(root)
            await look(in: root, on: export, &sight)
        } catch {
            sight.mount = .failure(error)
        }
        await export.close()
        return sight
    }

    /// Stops once the server is silent, so that a dead server costs the time of one call.
    private func look(in root: Node, on export: Export, _ sight: inout ExportObservation) async {
        do throws(NFSError) {
            sight.room = .success(try await export.statistics())
        } catch {
            sight.room = .failure(error)
            if error.isSilence { return }
        }
        do {
            sight.marker = .success(try await ControllerFolder.marker(in: root, on: export)?.id)
        } catch {
            sight.marker = .failure(ShareError("\(error)"))
            if (error as? NFSError)?.isSilence == true { return }
        }
        if writes { sight.writing = await Self.write(in: root, on: export) }
        guard (try? await export.readDirectory(root.handle)) != nil else { return }
        sight.listsNamesOnly = export.listsNamesOnly
    }

    private static func write(in root: Node, on export: Export) async -> WritingObservation {
        let digits = String(UInt64.random(in: .min ... .max), radix: 16)
        let folder = try? await export.lookupIfPresent(ControllerFolder.name, in: root.handle)
        // Prefer the controller's folder: it is out of the tenants' sight.
        let parent = folder?.attributes.type == .directory ? folder : nil
        let name = (try? NFSName(".doctor-\(digits)")) ?? ".doctor"
        let place = parent == nil ? "\(name)" : "\(ControllerFolder.name)/\(name)"
        let trial = WritingTrial(export: export, parent: (parent ?? root).handle, name: name, place: place)
        return await trial.run()
    }
}

extension NFSError {
    /// Whether no answer came, so that the next call may wait in vain.
    var isSilence: Bool { [.timedOut, .disconnected, .unreachable, .cancelled].contains(code) }
}

/// Results of one inspection, layer by layer; nil where a lower layer failed.
package struct ExportObservation: Sendable {
    package let share: ShareAddress
    package let server: ServerObservation
    package var mount: Result<Node, NFSError>?
    /// The identity that the share states (S7: no other share is used); a nil identity means that no controller has
    /// used it.
    package var marker: Result<String?, ShareError>?
    package var room: Result<FileSystemStatistics, NFSError>?
    /// Whether the server lacks READDIRPLUS; nil if nothing could be listed.
    package var listsNamesOnly: Bool?
    /// The results of writing; nil also if the inspection may not write.
    package var writing: WritingObservation?

    package init(share: ShareAddress, server: ServerObservation) {
        self.share = share
        self.server = server
    }
}
