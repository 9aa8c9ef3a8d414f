import Foundation
import NFS
import Provisioning
import TestBed

/// A large tree, removed and measured by the NFS client that the controller uses, with as many calls in flight as there and
/// with one.
struct TreeMeasurement {
    private struct Server {
        let export: Export
        let folder: NFS.FileHandle
    }

    let bench: Bench

    func take(into figures: inout Figures) async throws {
        let folder = URL(filePath: bench.bed.exportA).appending(path: "trees-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let proxy = try await DelayingProxy(
            to: bench.bed.nfsServer,
            port: bench.bed.nfsPort,
            roundTrip: .milliseconds(1)
        )
        let near = try await server(port: bench.bed.nfsPort, folder)
        let far = try await server(port: proxy.port, folder)
        for _ in 0..<bench.runs {
            let tree = try Tree(at: folder.appending(path: "far"), bench.size)
            try await measure(tree, on: near, far, into: &figures)
            let rate = try await remove(tree, on: far)
            let single = try await remove(try part(in: folder), on: far, callsAtOnce: 1)
            figures.note(rate, .removalFar, to: single, .removalFarSingle, .removalFarRatio)
            let nearTree = try Tree(at: folder.appending(path: "near"), bench.size)
            let nearRate = try await remove(nearTree, on: near)
            let nearSingle = try await remove(try part(in: folder), on: near, callsAtOnce: 1)
            figures.note(nearRate, .removalNear, to: nearSingle, .removalNearSingle, .removalNearRatio)
        }
        await near.export.close()
        await far.export.close()
    }

    private func server(port: Int, _ folder: URL) async throws -> Server {
        let export = Export(
            address: ExportAddress(server: bench.bed.nfsServer, path: folder.path()),
            options: ConnectionOptions(port: UInt16(port), mountPort: UInt16(bench.bed.nfsMountPort)),
            logger: Bench.silent
        )
        return Server(export: export, folder: try await export.root().handle)
    }

    private func part(in folder: URL) throws -> Tree {
        let size = bench.size
        return try Tree(
            at: folder.appending(path: "part"),
            folders: size.foldersOneByOne,
            filesPerFolder: size.filesPerFolder
        )
    }

    private func measure(_ tree: Tree, on near: Server, _ far: Server, into figures: inout Figures) async throws {
        let top = try await near.export.lookup(NFSName(tree.top.lastPathComponent), in: near.folder).handle
        // The server has then looked at everything once, and no walk pays for another.
        _ = try await walk(tree, top, on: near, callsAtOnce: Export.callsOfLongWork)
        figures.note(try await walk(tree, top, on: near, callsAtOnce: Export.callsOfLongWork), .walkNear)
        let rate = try await walk(tree, top, on: far, callsAtOnce: Export.callsOfLongWork)
        let single = try await walk(tree, top, on: far, callsAtOnce: 1)
        figures.note(rate, .walkFar, to: single, .walkFarSingle, .walkFarRatio)
    }

    private func walk(
        _ tree: Tree,
        _ top: NFS.FileHandle,
        on server: Server,
        callsAtOnce: Int
    ) async throws -> Double {
        let start = ContinuousClock.now
        let usage = try await server.export.measureTree(top, callsAtOnce: callsAtOnce)
        let seconds = (.now - start).seconds
        guard Double(usage.files) == tree.files else {
            throw BenchFailure(description: "\(usage.files) files were found of \(tree.files)")
        }
        return tree.files / seconds
    }

    private func remove(_ tree: Tree, on server: Server, callsAtOnce: Int? = nil) async throws -> Double {
        let name = try NFSName(tree.top.lastPathComponent)
        let start = ContinuousClock.now
        let removed = try await server.export.removeTree(name, in: server.folder, callsAtOnce: callsAtOnce)
        let seconds = (.now - start).seconds
        guard Double(removed.files) == tree.files else {
            throw BenchFailure(description: "\(removed.files) files were removed of \(tree.files)")
        }
        return tree.files / seconds
    }
}
