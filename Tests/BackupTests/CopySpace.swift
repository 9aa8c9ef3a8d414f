import Foundation
import Logging
import NFS
import Provisioning
import TestBed
import Testing

@testable import Backup

/// A tree on the NFS server, and places to copy it to, for as long as a test needs them.
final class CopySpace: Sendable {
    enum Place: CaseIterable {
        case export, folder
    }

    let bed: TestBed
    /// The tree.
    let source: String
    /// The destination, seen from the server's side if it is an export.
    let target: String
    private let place: Place

    init(_ place: Place) throws {
        self.place = place
        bed = try TestBed.current()
        let id = UUID()
        source = "\(bed.exportA)/copy-\(id)"
        target = place == .export ? "\(bed.exportB)/copy-\(id)" : NSTemporaryDirectory() + "copy-\(id)"
        for folder in [source, target] {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        }
    }

    deinit {
        for folder in [source, target] { try? FileManager.default.removeItem(atPath: folder) }
    }

    static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    var options: ConnectionOptions {
        ConnectionOptions(port: UInt16(bed.nfsPort), mountPort: UInt16(bed.nfsMountPort))
    }

    /// A hook that copies to the destination.
    var hook: CopyHook {
        switch place {
        case .export: CopyHook(to: .export(ExportAddress(server: bed.nfsServer, path: target), options))
        case .folder: CopyHook(to: .folder(target))
        }
    }

    /// The destination's files, below it.
    var files: [String] {
        let paths = FileManager.default.subpaths(atPath: target) ?? []
        return paths.filter { $0.contains("/") }.sorted()
    }

    func attempt(
        _ hook: CopyHook? = nil,
        _ facts: HookFacts = .sample,
        timeout: Duration = .seconds(300),
        mayWrite: Bool = true,
        tar: @escaping TarSource
    ) async throws -> HookAttempt {
        try await CopyAction(mayWrite: { mayWrite }, logger: Self.logger)
            .attempt(hook ?? self.hook, facts, timeout: timeout, tar: tar)
    }

    /// The tree's tar stream.
    func tar(
        _ onProgress: @escaping @Sendable (TarredTree) -> Void = { _ in }
    ) async throws -> any AsyncSequence<[UInt8], any Error> & Sendable {
        let export = Export(
            address: ExportAddress(server: bed.nfsServer, path: source),
            options: options,
            logger: Self.logger
        )
        return TreeTar(of: try await export.root().handle, on: export, onProgress: onProgress)
            .map { piece throws in piece }
    }

    /// Runs a script that has `SOURCE`, `TARGET` and `FILE`, the copy's path, as variables.
    ///
    /// - Returns: What it writes.
    @discardableResult
    func shell(_ script: String) async throws -> String {
        let variables = [
            "PATH": "/usr/bin:/bin", "SOURCE": source, "TARGET": target,
            "FILE": "\(target)/\(files.first { !$0.hasSuffix(".json") } ?? "none")",
        ]
        var hook = ExecHook(command: ["/bin/sh", "-euc", script])
        hook.passEnvironment = ["SOURCE", "TARGET", "FILE"]
        let attempt = try await ExecAction(environment: variables, launcher: BuiltProgram.path)
            .attempt(hook, .sample, timeout: .seconds(300), tar: nil)
        try #require(attempt.outcome == .succeeded, "\(attempt.message): \(attempt.output ?? "")")
        return attempt.output ?? ""
    }
}
