import Logging
import NFS
import TestBed

/// One export, opened, used and closed.
struct ExerciseSession {
    private let name: NFSName
    private let export: Export
    private let way: ChangeBreaker

    init(number: Int, on bed: TestBed, through way: ChangeBreaker) {
        name = NFSName(checkedNumber: number)
        self.way = way
        let options = ConnectionOptions(
            port: UInt16(way.port),
            mountPort: UInt16(bed.nfsMountPort),
            // valgrind lets one thread run at a time.
            timeout: .seconds(60),
            retransmissions: 0,
            connections: 1
        )
        export = Export(
            address: ExportAddress(server: bed.nfsServer, path: bed.exportA),
            options: options,
            logger: Logger(label: "exercise") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// - Parameter isCutOff: Whether the server's side closes the connection while calls are under way.
    /// - Throws: What is not the cut's.
    func run(isCutOff: Bool) async throws {
        let root = try await export.root().handle
        let directory = try await export.makeDirectory(name, in: root, mode: 0o700).handle
        for number in 0..<8 { try await useFile(NFSName(checkedNumber: number), in: directory) }
        if isCutOff { try await lose(directory) }
        for try await entry in export.entries(of: directory) {
            try await export.remove(entry.name, in: directory)
        }
        try await export.removeDirectory(name, in: root)
        await export.close()
    }

    /// The file stays, under another name.
    private func useFile(_ name: NFSName, in directory: FileHandle) async throws {
        // A file of two writes and a commit, put in place by a rename.
        try await export.writeFileAtomically(name, in: directory, bytes: [UInt8](repeating: 7, count: 100_000))
        let file = try await export.lookup(name, in: directory)
        _ = try await export.readFile(file, named: name, limit: 1 << 20)
        try await export.setAttributes(of: file.handle, mode: 0o640)
        let missing: NFSName = "missing"
        do {
            _ = try await export.lookup(missing, in: directory)
        } catch let error where error.code == .notFound {}
        try await export.rename(name, in: directory, to: NFSName(bytes: name.bytes + [0x78]), in: directory)
        _ = try await export.readDirectory(directory)
    }

    /// Loses the connection while calls are under way: reads, which are made again on a new one, and a change, which is not.
    private func lose(_ directory: FileHandle) async throws {
        way.pause(afterChanges: 0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    _ = try await export.createFile("cut", in: directory, mode: 0o600)
                    throw ExerciseFailure(description: "a file was made on a connection that was cut off")
                } catch let error as NFSError where error.code == .disconnected {}
            }
            try await wait(for: "the change is under way") { way.isPaused }
            for _ in 0..<8 { group.addTask { _ = try await export.readDirectory(directory) } }
            try await wait(for: "reads are under way with it") { way.keptCalls == 9 }
            way.cut()
            try await group.waitForAll()
        }
    }
}

/// - Throws: When it takes a minute.
private func wait(for what: String, _ isSo: () -> Bool) async throws {
    let end = ContinuousClock.now + .seconds(60)
    while !isSo() {
        guard .now < end else { throw ExerciseFailure(description: "not so within a minute: \(what)") }
        try await Task.sleep(for: .milliseconds(10))
    }
}

extension NFSName {
    fileprivate init(checkedNumber number: Int) {
        self = (try? NFSName("exercise-\(number)")) ?? "exercise"
    }
}
