import Foundation
import Kubernetes
import Logging
import TestBed

/// What every measurement works with: the bed, an administrator, and a journal of what becomes of claims.
struct Bench: Sendable {
    static let silent = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }

    let bed: TestBed
    let size: BenchSize
    let runs: Int
    let admin: KubernetesClient
    let journal: Journal
    /// Logs and configuration files.
    let folder: URL
    private let started = ContinuousClock.now
    private let watching: Task<Void, Never>

    init(size: BenchSize, runs: Int) async throws {
        bed = try TestBed.current()
        self.size = size
        self.runs = runs
        admin = try Cluster.client()
        folder = URL(filePath: bed.folder).appending(path: "bench-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let journal = Journal()
        self.journal = journal
        watching = Task { [admin] in await journal.follow(admin) }
        try await journal.waitUntilSynced()
    }

    func close() async {
        watching.cancel()
        await watching.value
        try? await admin.shutdown()
    }

    /// Tells who waits, with the seconds since the start.
    func say(_ text: String) {
        let seconds = Int((.now - started).seconds)
        FileHandle.standardError.write(Data("bench: \(seconds) s: \(text)\n".utf8))
    }

    /// A configuration file.
    ///
    /// - Returns: Its path.
    func configuration(_ yaml: String) throws -> String {
        let file = folder.appending(path: "\(UUID().uuidString).yaml")
        try yaml.write(to: file, atomically: true, encoding: .utf8)
        return file.path()
    }
}

/// Something did not come about that has to before there is anything to measure.
struct BenchFailure: Error, CustomStringConvertible {
    let description: String
}

/// Waits until something holds.
func wait(for what: String, within limit: Duration = .seconds(600), _ condition: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < deadline else {
            throw BenchFailure(description: "did not happen within \(limit): \(what)")
        }
        try await Task.sleep(for: .milliseconds(2))
    }
}
