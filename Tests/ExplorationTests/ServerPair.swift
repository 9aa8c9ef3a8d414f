import Foundation
import Logging
import NFS
import Simulation
import TestBed

@testable import NFS

/// A real server and the simulated one, which are told the same.
struct ServerPair {
    /// A file on both, which may be gone by now.
    struct File {
        let real: NFS.FileHandle
        let simulated: NFS.FileHandle
    }

    /// What both servers said, with everything left out in which they are free to differ.
    struct Answers {
        var request: String
        var real: String
        var simulated: String
    }

    private let export: Export
    private var share: SimulatedFileSystem
    private(set) var files: [File]

    init() async throws {
        let bed = try TestBed.current()
        let folder = URL(filePath: bed.exportA).appending(path: "compared-\(UUID().uuidString.lowercased())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let options = try ConnectionOptions.parse(["port=\(bed.nfsPort)", "mountport=\(bed.nfsMountPort)"])
        export = Export(
            address: ExportAddress(server: bed.nfsServer, path: folder.path()),
            options: options,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        share = SimulatedFileSystem(time: UInt64(Date().timeIntervalSince1970) * 1_000_000_000)
        guard let root = share.handle(of: SimulatedFileSystem.root) else { throw ServerPairError() }
        files = [File(real: try await export.root().handle, simulated: root)]
    }

    func close() async { await export.close() }

    /// Those that are regular files, and there.
    var regularFiles: [Int] {
        files.indices.filter { index in
            share.number(of: files[index].simulated).flatMap { share.inodes[$0]?.type } == .regular
        }
    }

    /// Begins again with an empty directory as the first file.
    mutating func startAgain(_ name: String) async throws {
        let root = files[0]
        files = [root]
        let request = { (file: NFS.FileHandle) in
            NFSv3Request.makeDirectory(try NFSName(name), in: file, AttributeChanges(mode: 0o755))
        }
        guard case .success(.node(let real)) = await export.answer(try request(root.real)),
            case .node(let simulated) = try share.perform(try request(root.simulated)),
            let realHandle = real.handle, let simulatedHandle = simulated.handle
        else { throw ServerPairError() }
        files = [root, File(real: realHandle, simulated: simulatedHandle)]
    }

    /// Asks both. What they make or find becomes a file that can be asked about.
    mutating func ask(_ request: (_ handle: (Int) -> NFS.FileHandle) -> NFSv3Request) async -> Answers {
        let files = files
        let description = share.description(of: request { files[$0].simulated })
        let real = await export.answer(request { files[$0].real })
        let simulated = Result { () throws(NFSStatus) in try share.perform(request { files[$0].simulated }) }
        if case .success(.node(let one)) = real, case .success(.node(let other)) = simulated,
            let realHandle = one.handle, let simulatedHandle = other.handle,
            !files.contains(where: { $0.simulated == simulatedHandle })
        {
            self.files.append(File(real: realHandle, simulated: simulatedHandle))
        }
        let words = simulated.map { Self.words($0) }
        return Answers(
            request: description,
            real: Self.words(real),
            simulated: (try? words.get()) ?? Self.words(simulated.status)
        )
    }

    private static func words(_ answer: Result<NFSv3Answer, NFSError>) -> String {
        switch answer {
        case .success(let answer): words(answer)
        case .failure(let error): error.nfsStatus.map { words($0) } ?? "\(error)"
        }
    }

    /// A handle of a file that is gone may be stale, or one that the server has never given.
    private static func words(_ status: UInt32?) -> String {
        guard let status else { return "" }
        return status == NFSStatus.badHandle.rawValue
            ? "\(NFSStatus.stale)"
            : NFSStatus(rawValue: status).map { "\($0)" }
                ?? "status \(status)"
    }

    private static func words(_ answer: NFSv3Answer) -> String {
        switch answer {
        case .done, .root, .committed, .statistics: "done"
        case .attributes(let attributes): words(attributes)
        case .node(let node): node.attributes.map { words($0) } ?? "no attributes"
        case .target(let target): "target \(target)"
        case .chunk(let chunk): "\(chunk.bytes) \(chunk.isLast)"
        case .written(let result): "\(result.count)"
        case .page(let page):
            page.entries.map { "\($0.name) \($0.attributes.map { words($0) } ?? "")" }.sorted().joined(separator: ", ")
        }
    }

    /// Free are: the size of a directory, what a file takes on the disk, the mode of a symbolic link, numbers and times.
    private static func words(_ attributes: Attributes) -> String {
        var words = "\(attributes.type) \(attributes.nlink) \(attributes.uid) \(attributes.gid)"
        if attributes.type != .directory { words += " \(attributes.size) bytes" }
        if attributes.type != .symbolicLink { words += " \(String(attributes.mode, radix: 8))" }
        return words
    }
}

struct ServerPairError: Error {}

extension Result where Failure == NFSStatus {
    fileprivate var status: UInt32? {
        if case .failure(let status) = self { status.rawValue } else { nil }
    }
}

extension Export {
    /// One call as it is, without what ``Export`` asks besides.
    fileprivate func answer(_ request: NFSv3Request) async -> Result<NFSv3Answer, NFSError> {
        await Result { () async throws(NFSError) in
            switch request {
            case .mount, .statistics: .done
            case .getAttributes(let file): .attributes(try await perform(.getAttributes(of: file)))
            case .setAttributes(let file, let changes):
                try await done(.setAttributes(of: file, to: changes))
            case .lookUp(let name, let directory): .node(try await perform(.lookUp(name, in: directory)))
            case .readLink(let link): .target(try await perform(.readLink(link)))
            case .read(let file, let offset, let count):
                .chunk(try await perform(.read(file, at: offset, count: count)))
            case .write(let bytes, let file, let offset, let stability):
                .written(try await perform(.write(bytes, to: file, at: offset, stability: stability)))
            case .createFile(let name, let directory, let attributes):
                .node(try await perform(.createFile(name, in: directory, attributes)))
            case .makeDirectory(let name, let directory, let attributes):
                .node(try await perform(.makeDirectory(name, in: directory, attributes)))
            case .makeSymbolicLink(let name, let directory, let target, let attributes):
                .node(try await perform(.makeSymbolicLink(name, in: directory, to: target, attributes)))
            case .makeSpecialFile(let name, let directory, let type, let device, let attributes):
                .node(
                    try await perform(.makeSpecialFile(name, in: directory, type: type, device: device, attributes))
                )
            case .remove(let name, let directory): try await done(.remove(name, in: directory))
            case .removeDirectory(let name, let directory): try await done(.removeDirectory(name, in: directory))
            case .rename(let name, let directory, let newName, let newDirectory):
                try await done(.rename(name, in: directory, to: newName, in: newDirectory))
            case .link(let file, let name, let directory): try await done(.link(file, as: name, in: directory))
            case .readDirectory(let directory, let cursor):
                .page(try await perform(.readDirectory(directory, from: cursor)))
            case .listNames(let directory, let cursor):
                .page(try await perform(.listNames(of: directory, from: cursor)))
            case .commit(let file): .committed(try await perform(.commit(file)))
            }
        }
    }

    private func done(_ call: RPCCall<Done>) async throws(NFSError) -> NFSv3Answer {
        _ = try await perform(call)
        return .done
    }
}
