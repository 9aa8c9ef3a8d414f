import Foundation
import Synchronization

/// What was done, and what came of it: as text, and as JSON beside the logs.
final class TortureReport: Sendable {
    struct Document: Codable, Sendable {
        var version = 1
        var seed: UInt64
        /// As it was asked for.
        var rounds: Int?
        var seconds: Int?
        var roundsDone = 0
        var faults: [String: Int] = [:]
        /// Faults that this machine cannot have, and why.
        var skipped: [String: String] = [:]
        var operations: [String: Int] = [:]
        /// How often each invariant was looked at.
        var checks: [String: Int] = [:]
        /// Of directories that were removed by hand, which those of later claims got.
        var reusedFileIDs: Set<UInt64> = []
        var requestsWithFaults = 0
        var memoryLimitBytes: Int?
        var peakMemoryKiB = 0
        var claims = 0
        var history: [TortureRound] = []
        var failures: [String] = []
    }

    private let document: Mutex<Document>

    init(_ document: Document) {
        self.document = Mutex(document)
    }

    var snapshot: Document { document.withLock { $0 } }

    func injected(_ fault: TortureFault) {
        document.withLock { document in
            guard document.skipped[fault.rawValue] == nil else { return }
            document.faults[fault.rawValue, default: 0] += 1
        }
    }

    func skipped(_ fault: TortureFault, _ reason: String) {
        document.withLock { $0.skipped[fault.rawValue] = reason }
    }

    func did(_ operation: TortureOperation) {
        document.withLock { $0.operations[operation.name, default: 0] += 1 }
    }

    /// Notes that an invariant was looked at, and whether it holds.
    func check(_ invariant: String, _ holds: Bool, _ flaw: @autoclosure () -> String) {
        document.withLock { document in
            document.checks[invariant, default: 0] += 1
            if !holds { document.failures.append("\(invariant): \(flaw())") }
        }
    }

    func update(_ change: (inout Document) -> Void) {
        document.withLock { change(&$0) }
    }

    func write(to file: URL) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(snapshot).write(to: file)
    }

    /// For people.
    var text: String {
        let document = snapshot
        func table(_ counts: [String: Int]) -> String {
            counts.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value)" }.joined(separator: "\n")
        }
        var lines = [
            "seed \(document.seed): \(document.roundsDone) rounds, \(document.claims) claims at the end",
            "faults:\n\(table(document.faults))",
        ]
        if !document.skipped.isEmpty {
            let words = document.skipped.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value)" }
            lines.append("faults that were left out:\n\(words.joined(separator: "\n"))")
        }
        lines.append("operations:\n\(table(document.operations))")
        lines.append("invariants, each looked at so often:\n\(table(document.checks))")
        lines.append(
            "requests to the API server that met a fault of the fake in front of it: \(document.requestsWithFaults)"
        )
        lines.append("file ids that came back: \(document.reusedFileIDs.count)")
        let limit = document.memoryLimitBytes.map { "\($0 >> 20) MiB allowed" } ?? "not limited on this machine"
        lines.append("memory: at most \(document.peakMemoryKiB >> 10) MiB, \(limit)")
        for failure in document.failures { lines.append("FAILED \(failure)") }
        return lines.joined(separator: "\n")
    }
}
