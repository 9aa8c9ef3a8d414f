import Foundation
import Kubernetes
import NFS
import Testing

@testable import Provisioning

@Suite("The usage ledger on a share")
struct UsageLedgerTests {
    static let start = Timestamp.now.seconds - 10_000

    static func sample(_ seconds: Int64, used: UInt64 = 4096) -> UsageSample {
        UsageSample(
            at: Timestamp(seconds: start + seconds),
            usedBytes: used,
            lengthBytes: 1,
            files: 2,
            directories: 3
        )
    }

    static func line(_ bytes: [UInt8]) -> UsageLine? { UsageLine(bytes.span, bytes.indices) }

    /// Puts a file beside the ledgers, through the server: what is done behind its back it does not notice at once.
    static func put(_ text: String, as name: String, on fixture: ShareFixture) async throws {
        try await fixture.share.open { opened in
            let usage = try #require(try await opened.ledgerFolder())
            try await fixture.share.export.writeFileAtomically(NFSName(name), in: usage, bytes: Array(text.utf8))
        }
    }

    static func text(_ name: String, on fixture: ShareFixture) throws -> String {
        try fixture.text(".sb-nfs-provisioner/usage/\(name)")
    }

    @Test("A line is JSON, and is read again as it was")
    func line() throws {
        let line = UsageLine(volume: "pvc-1", samples: [Self.sample(1), Self.sample(2, used: .max)])
        struct Decoded: Decodable {
            let volume: String
            let samples: [[UInt64]]
        }
        let decoded = try JSONDecoder().decode(Decoded.self, from: Data(line.bytes))
        #expect(decoded.volume == "pvc-1" && decoded.samples.map(\.[1]) == [4096, .max])
        #expect(Self.line(line.bytes.dropLast()) == line)
    }

    @Test(
        "Invalid lines",
        arguments: [
            "", "{}", #"{"volume":"v","samples":[]}"#, #"{"volume":"","samples":[[1,2,3,4,5]]}"#,
            #"{"volume":"v","samples":[[1,2,3,4]]}"#, #"{"volume":"v","samples":[[1,2,3,4,5]]"#,
            #"{"volume":"v","samples":[[1,2,3,4,5]]} "#, #"{"volume":"v","samples":[[1,2,3,4,-5]]}"#,
            #"{"volume":"v","samples":[[1,2,3,4,18446744073709551616]]}"#,
            #"{"volume":"v","samples":[[9223372036854775808,2,3,4,5]]}"#, #"{"volume":"a\"b","samples":[[1,2,3,4,5]]}"#,
        ]
    )
    func noLine(text: String) {
        #expect(Self.line(Array(text.utf8)) == nil)
    }

    @Test("Measurements are visible immediately and after the round; entries no longer needed are removed")
    func roundTrip() async throws {
        try await ShareFixture.run { fixture in
            #expect(try await fixture.share.usageHistories() == [:])
            var ledger = try await fixture.share.usageLedger(of: "here")
            try await ledger.append(Self.sample(1), of: "pvc-1")
            try await ledger.append(Self.sample(2), of: "pvc-2")
            try await ledger.append(Self.sample(4000, used: 5), of: "pvc-1")
            let expected = [
                "pvc-1": UsageHistory(samples: [Self.sample(1), Self.sample(4000, used: 5)]),
                "pvc-2": UsageHistory(samples: [Self.sample(2)]),
            ]
            #expect(try await fixture.share.usageHistories() == expected)
            #expect(try fixture.names(in: "usage") == ["here.journal.jsonl"])
            try await ledger.close(keeping: ["pvc-1", "pvc-2", "pvc-3"])
            #expect(try fixture.names(in: "usage") == ["here.jsonl"])
            #expect(try await fixture.share.usageHistories() == expected)

            try await ledger.close(keeping: ["pvc-2"])
            #expect(try await fixture.share.usageHistories().keys.sorted() == ["pvc-2"])
        }
    }

    @Test("The journal of a killed leader counts, except for an unfinished line")
    func tornJournal() async throws {
        try await ShareFixture.run { fixture in
            var ledger = try await fixture.share.usageLedger(of: "here")
            try await ledger.append(Self.sample(1), of: "pvc-1")
            let text = try Self.text("here.journal.jsonl", on: fixture)
            for tail in [#"{"volume":"pvc-2","samples":[[17"#, "{\"volume\":\"pvc-2\",\"samples\":[[17\n"] {
                try await Self.put(text + tail, as: "here.journal.jsonl", on: fixture)
                try await fixture.restart()
                #expect(try await fixture.share.usageHistories().keys.sorted() == ["pvc-1"])
            }
            let next = try await fixture.share.usageLedger(of: "here")
            #expect(try next.latest.keys.sorted() == ["pvc-1"] && fixture.names(in: "usage") == ["here.jsonl"])
        }
    }

    @Test("A new, empty journal is no fault")
    func emptyJournal() async throws {
        try await ShareFixture.run { fixture in
            _ = try await fixture.share.usageLedger(of: "here")
            try await Self.put("", as: "here.journal.jsonl", on: fixture)
            #expect(try await fixture.share.usageHistories() == [:])
        }
    }

    @Test(
        "A broken ledger is reported by file and line, and not overwritten",
        arguments: [
            ("here.jsonl", "{\"version\":1}\n{\"volume\":\n", "cannot be read at line 2"),
            ("here.jsonl", "{\"version\":1}\n{\"volume\":", "cannot be read at line 2"),
            ("here.jsonl", "", "cannot be read at line 1"),
            (
                "here.jsonl", "{\"version\":2}\n",
                "begins with \"{\\\"version\\\":2}\", which this program does not know"
            ),
            ("here.journal.jsonl", "{\"version\":1}\nx\nx\n", "cannot be read at line 2"),
        ]
    )
    func broken(name: String, text: String, sentence: String) async throws {
        try await ShareFixture.run { fixture in
            _ = try await fixture.share.usageLedger(of: "here")
            try await Self.put(text, as: name, on: fixture)
            let error = await #expect(throws: ShareError.self) { try await fixture.share.usageHistories() }
            #expect(error?.description.contains(sentence) == true && error?.description.contains(name) == true)
            await #expect(throws: ShareError.self) { try await fixture.share.usageLedger(of: "here") }
            #expect(try Self.text(name, on: fixture) == text)
        }
    }

    @Test("Every cluster writes a ledger of its own, and all are read")
    func clusters() async throws {
        try await ShareFixture.run { fixture in
            for (cluster, second) in [("here", Int64(1)), ("there", 2)] {
                var ledger = try await fixture.share.usageLedger(of: cluster)
                try await ledger.append(Self.sample(second), of: "pvc-both")
                try await ledger.append(Self.sample(second), of: "pvc-\(cluster)")
                try await ledger.close(keeping: ["pvc-both", "pvc-here", "pvc-there"])
            }
            let histories = try await fixture.share.usageHistories()
            #expect(histories.mapValues(\.samples.count) == ["pvc-both": 2, "pvc-here": 1, "pvc-there": 1])
            #expect(try await fixture.share.usageLedger(of: "there").latest.keys.sorted() == ["pvc-both", "pvc-there"])
        }
    }

    @Test("A ledger longer than one read is read completely")
    func long() async throws {
        try await ShareFixture.run { fixture in
            _ = try await fixture.share.usageLedger(of: "here")
            let samples = (0..<60).map { Self.sample($0) }
            let lines = (0..<2000).map { UsageLine(volume: "pvc-\($0)", samples: samples).bytes }
            let bytes = UsageLine.header + [UInt8(ascii: "\n")] + lines.flatMap { $0 }
            #expect(bytes.count > 2 << 20)
            try await Self.put(String(decoding: bytes, as: UTF8.self), as: "here.jsonl", on: fixture)
            let histories = try await fixture.share.usageHistories()
            #expect(histories.count == 2000 && histories.values.allSatisfy { $0.samples == samples })
        }
    }

    @Test("A name that no volume can have is refused, and nothing is written")
    func badName() async throws {
        try await ShareFixture.run { fixture in
            var ledger = try await fixture.share.usageLedger(of: "here")
            await #expect(throws: ShareError.self) { try await ledger.append(Self.sample(1), of: "a\"b\n") }
            #expect(try fixture.names(in: "usage") == [])
        }
    }
}
