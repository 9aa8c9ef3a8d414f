import Foundation
import Subprocess
import SystemPackage
import TestBed

/// The test bed's NFS server, which can be stopped and started again on its ports with its exports changed.
struct TortureNFSServer: Sendable {
    let smallExport: URL
    private let bed: TestBed

    init(_ bed: TestBed) throws {
        self.bed = bed
        smallExport = URL(filePath: bed.exportA).deletingLastPathComponent().appending(path: "small")
        try FileManager.default.createDirectory(at: smallExport, withIntermediateDirectories: true)
    }

    /// Mounts the file system with little room, and has the server export it.
    ///
    /// - Returns: false where nothing can be mounted: it is a folder like the others then.
    func makeSmallExport() async throws -> Bool {
        // Soon full, and yet with room for the archives of an hour.
        let options = "size=64m,nr_inodes=10000,mode=0755"
        let code = try await run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", smallExport.path()])
        try await stop()
        try await start()
        return code == 0
    }

    func close() async throws {
        try await stop()
        _ = try await run(["umount", "--lazy", smallExport.path()])
    }

    func stop() async throws {
        try await script("stop", [])
    }

    /// Starts it where it was.
    ///
    /// - Parameter option: `:ro` or `:root_squash` for all exports, or nothing.
    /// - Throws: If it does not start.
    func start(_ option: String = "") async throws {
        try await script("start", exports.map { $0 + option })
    }

    /// The folders that it serves.
    var exports: [String] { [bed.exportA, bed.exportB, smallExport.path()] }

    /// Has the running server serve all exports but these. Their handles are stale meanwhile.
    func setExports(without withdrawn: [String]) throws {
        let folder = URL(filePath: bed.folder + "/nfs")
        let (file, kept) = (folder.appending(path: "ganesha.conf"), folder.appending(path: "all-exports.conf"))
        if !withdrawn.isEmpty {
            try? FileManager.default.removeItem(at: kept)
            try FileManager.default.copyItem(at: file, to: kept)
        }
        var blocks = try String(contentsOf: kept, encoding: .utf8).components(separatedBy: "EXPORT {")
        blocks.removeAll { block in withdrawn.contains { block.contains("Path = \"\($0)\"") } }
        try blocks.joined(separator: "EXPORT {").write(to: file, atomically: true, encoding: .utf8)
        kill(try pid(), SIGHUP)
    }

    private func script(_ command: String, _ arguments: [String]) async throws {
        let words = [TortureBed.scripts.appending(path: "nfs-server.sh").path(), command, bed.folder + "/nfs"]
        let ports = ["NFS_PORT": "\(bed.nfsPort)", "NFS_MOUNT_PORT": "\(bed.nfsMountPort)"]
        // The ports may be in use for a moment longer than the server.
        for isLast in [false, false, true] {
            let code = try await run(words + arguments, ports)
            if code == 0 { return }
            if isLast { throw Scenario.Failure(description: "nfs-server.sh \(command) ends with \(code)") }
        }
    }

    private func run(_ words: [String], _ environment: [String: String] = [:]) async throws -> Int32 {
        let changes = environment.map { (Environment.Key(stringLiteral: $0.key), Optional($0.value)) }
        let result = try await Subprocess.run(
            words[0].contains("/") ? .path(FilePath(words[0])) : .name(words[0]),
            arguments: Arguments(Array(words.dropFirst())),
            environment: .inherit.updating(Dictionary(uniqueKeysWithValues: changes)),
            output: .discarded,
            error: .discarded
        )
        guard case .exited(let code) = result.terminationStatus else { return -1 }
        return code
    }

    /// It keeps its sockets and answers nothing.
    func pause() throws { kill(try pid(), SIGSTOP) }

    func resume() throws { kill(try pid(), SIGCONT) }

    private func pid() throws -> pid_t {
        let text = try String(contentsOfFile: bed.folder + "/nfs/nfs.pid", encoding: .utf8)
        guard let pid = text.split(separator: " ").first.flatMap({ pid_t($0) }) else {
            throw Scenario.Failure(description: "the NFS server has no process")
        }
        return pid
    }

    // MARK: Exports in the place of others

    /// Has an empty folder in the place of the first export. What is left in it in the end is the caller's to look at.
    func swapFirstExport(during body: () async throws -> Void) async throws -> [String] {
        let export = URL(filePath: bed.exportA)
        let away = export.deletingLastPathComponent().appending(path: "a-away")
        let shares = try FileManager.default.contentsOfDirectory(atPath: export.path())
        try await stop()
        try FileManager.default.moveItem(at: export, to: away)
        for share in shares {
            try FileManager.default.createDirectory(
                at: export.appending(path: share),
                withIntermediateDirectories: true
            )
        }
        try await start()
        try await body()
        try await stop()
        let left = try FileManager.default.subpathsOfDirectory(atPath: export.path()).filter { !shares.contains($0) }
        try FileManager.default.removeItem(at: export)
        try FileManager.default.moveItem(at: away, to: export)
        try await start()
        return left
    }
}
