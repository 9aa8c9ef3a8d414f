import Foundation
import Synchronization
import Testing

@testable import NFS

/// A tree on a real server, copied through a ``ScriptedServer`` that stands before it and answers as a test says.
struct FaultyCopy: Sendable {
    /// The two ways to copy a tree.
    enum Kind: CaseIterable, Sendable {
        /// As a tar archive, which the system's tar unpacks.
        case tar
        case tree
    }

    let kind: Kind
    let space: Workspace
    /// What the real server calls the files.
    let handles: [String: [UInt8]]

    var source: URL { space.folder.appending(path: "source") }
    var destination: URL { space.folder.appending(path: "destination") }

    /// Makes a tree with a file of two names, small and large ones, and a directory whose listing has several pages.
    static func with(_ kind: Kind, _ body: (FaultyCopy) async throws -> Void) async throws {
        try await NFSServer.shared.value.withDirectory { space in
            let source = space.folder.appending(path: "source")
            try await create((0..<600).map { "file-\($0)" }, in: source.appending(path: "many"))
            try FileManager.default.createDirectory(
                at: source.appending(path: "a/b"),
                withIntermediateDirectories: true
            )
            let path = source.path()
            write(pattern(900), to: "\(path)/a/b/small")
            write(pattern(500_000), to: "\(path)/a/b/large")
            symlink("nowhere", "\(path)/a/b/link")
            write(pattern(400_000), to: "\(path)/a/twin-1")
            link("\(path)/a/twin-1", "\(path)/a/twin-2")
            var handles: [String: [UInt8]] = [:]
            for file in ["many", "a", "a/b", "a/b/small", "a/b/large", "a/b/link", "a/twin-1"] {
                var node = try await space.export.lookup("source", in: space.directory)
                for name in file.split(separator: "/") {
                    node = try await space.export.lookup(NFSName(String(name)), in: node.handle)
                }
                handles[file] = node.handle.bytes
            }
            try await body(FaultyCopy(kind: kind, space: space, handles: handles))
        }
    }

    /// Copies the tree.
    ///
    /// - Parameters:
    ///   - timeout: The deadline of a call, and how long a copy goes on asking for what is stale.
    ///   - answer: nil for what the real server answers.
    /// - Returns: What the archive holds.
    /// - Throws: What the copy throws.
    @discardableResult
    func run(
        timeout: Duration = .seconds(20),
        _ answer: @escaping @Sendable (ScriptedServer.Call) -> ScriptedServer.Answer? = { _ in nil }
    ) async throws -> TarredTree {
        let server = try await NFSServer.shared.value
        let upstream = ScriptedServer.Upstream(nfs: server.port, mount: server.mountPort)
        let (from, into) = try await directories()
        let report = Mutex(TarredTree())
        let isWatching = Mutex(false)
        try await ScriptedServer.with(
            before: upstream,
            path: server.path("rw").path(),
            answer: { call in isWatching.withLock { $0 } ? answer(call) : nil },
            options: { $0.timeout = timeout }
        ) { _, export in
            _ = try await export.root()
            isWatching.withLock { $0 = true }
            switch kind {
            case .tar:
                var bytes: [UInt8] = []
                let tar = TreeTar(of: from, on: export, readsAtOnce: 2) { last in report.withLock { $0 = last } }
                for try await piece in tar { bytes += piece }
                try await unpack(bytes)
            case .tree: _ = try await export.copyTree(from: from, into: into, callsAtOnce: 8)
            }
        }
        return report.withLock { $0 }
    }

    func expectToBeExact(sourceLocation: SourceLocation = #_sourceLocation) throws {
        let differences = try TreeOnDisk(destination).differences(from: TreeOnDisk(source))
        #expect(differences == [], sourceLocation: sourceLocation)
    }

    private func directories() async throws -> (from: NFS.FileHandle, into: NFS.FileHandle) {
        if !FileManager.default.fileExists(atPath: destination.path()) {
            try FileManager.default.createDirectory(at: destination, withIntermediateDirectories: false)
        }
        let from = try await space.export.lookup("source", in: space.directory)
        let into = try await space.export.lookup("destination", in: space.directory)
        return (from.handle, into.handle)
    }

    private func unpack(_ bytes: [UInt8]) async throws {
        let archive = space.path("archive.tar")
        try Data(bytes).write(to: URL(filePath: archive))
        let options = ["--numeric-owner", "--same-owner", "--warning=no-unknown-keyword"]
        let tar = try ChildProcess(
            ["/usr/bin/env", "tar", "-xpf", archive, "-C", destination.path()] + options
        )
        #expect(await tar.exitStatus() == 0)
    }
}

/// Lets something happen once.
final class Once: Sendable {
    private let isDone = Mutex(false)

    /// Whether it is the first time.
    func isFirst() -> Bool {
        isDone.withLock { isDone in
            defer { isDone = true }
            return !isDone
        }
    }
}
