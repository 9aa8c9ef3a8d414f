import Foundation
import Kubernetes
import NFS

@testable import Backup
@testable import Provisioning

extension FuzzTarget {
    static let volumeRecord = FuzzTarget("volume-record", cases: 3000) {
        try checkRecord(VolumeRecord.self, $0, \.path)
    }

    static let archiveRecord = FuzzTarget("archive-record", cases: 3000) {
        try checkRecord(ArchiveRecord.self, $0, \.from)
    }

    /// A record is written as it was read, and with what it does not know.
    private static func checkRecord<Record: ShareRecord & Equatable>(
        _ type: Record.Type,
        _ bytes: [UInt8],
        _ path: KeyPath<Record, String>
    ) throws -> Bool {
        let record: Record
        do {
            record = try RecordCoder.decode(type, from: bytes, file: "r.json")
        } catch {
            try holdSentence(error)
            return false
        }
        let written = try RecordCoder.encode(record)
        try hold(try RecordCoder.decode(type, from: written, file: "r.json") == record, "it is written as another")
        do {
            _ = try VolumePath(recorded: record[keyPath: path])
        } catch {
            try holdSentence(error)
        }
        // What stands in a field that is not known may be more than JSON of this program holds.
        guard let over = try? RecordCoder.encode(record, over: bytes, file: "r.json") else { return true }
        try hold(try RecordCoder.decode(type, from: over, file: "r.json") == record, "it is written over as another")
        try hold(try RecordCoder.encode(record, over: over, file: "r.json") == over, "a field gets lost")
        return true
    }

    static let auditLog = FuzzTarget("audit-log", cases: 3000) { bytes in
        func lines(_ pieces: [[UInt8]]) -> AuditLines {
            var lines = AuditLines(since: nil, until: nil)
            for piece in pieces { lines.take(piece) }
            lines.end()
            return lines
        }
        let read = lines([bytes])
        let others = lines(bytes.pieces)
        try hold(
            read.entries == others.entries && read.problem == others.problem,
            "its lines depend on where it is cut"
        )
        for entry in read.entries {
            let line = try RecordCoder.encode(entry, pretty: false)
            try hold(line.count(where: { $0 == 0x0A }) == 1, "an entry is not one line")
            try hold(lines([line]).entries == [entry], "an entry is written as another")
        }
        return !read.entries.isEmpty
    }

    static let usageLedger = FuzzTarget("usage-ledger", cases: 3000) { bytes in
        func reader(_ pieces: [[UInt8]]) -> UsageLedgerReader {
            var reader = UsageLedgerReader()
            for piece in pieces { reader.take(piece) }
            return reader
        }
        func verdict(_ reader: UsageLedgerReader, _ mayBeTorn: Bool) throws -> String? {
            do {
                try reader.finish("u.jsonl", mayBeTorn: mayBeTorn)
                return nil
            } catch {
                try holdSentence(error)
                return error.description
            }
        }
        let (read, others) = (reader([bytes]), reader(bytes.pieces))
        let now = Timestamp(seconds: 1_780_000_000)
        for mayBeTorn in [false, true] {
            let isSame = try verdict(read, mayBeTorn) == verdict(others, mayBeTorn)
            try hold(isSame && read.samples == others.samples, "its lines depend on where it is cut")
        }
        for (volume, samples) in read.samples {
            for sample in samples { try hold(Timestamp(sample.at.description) == sample.at, "\(sample.at)") }
            let line = UsageLine(volume: volume, samples: samples)
            let bytes = line.bytes
            try hold(UsageLine(bytes.span, 0..<bytes.count - 1) == line, "a line is written as another")
            let thinned = UsageHistory(samples: samples).thinned(at: now)
            try hold(thinned.thinned(at: now) == thinned, "thinning twice is not thinning once")
        }
        return !read.samples.isEmpty
    }

    static let copyManifest = FuzzTarget("copy-manifest", cases: 3000) { bytes in
        guard let manifest = try? JSONDecoder().decode(CopyManifest.self, from: Data(bytes)) else { return false }
        let again = try JSONDecoder().decode(CopyManifest.self, from: try JSONEncoder().encode(manifest))
        try hold(again == manifest, "it is written as another")
        _ = manifest.facts.environment
        do {
            _ = try CopyNames(manifest.facts, .zstd)
        } catch {
            try holdSentence(error)
        }
        return true
    }
}
