import Foundation
import Presentation
import Testing

/// A reader of bytes from outside, or a writer of text that others made up, and what has to hold of it whatever the bytes.
struct FuzzTarget: Sendable {
    static let all: [FuzzTarget] = [
        .quantity, .time, .kubeconfig, .watch, .list,
        .configuration, .mountOptions, .classParameters, .pathTemplate,
        .volumeRecord, .archiveRecord, .auditLog, .usageLedger, .copyManifest, .tar,
        .csv, .html, .markdown, .log,
    ]

    /// The name of its folder in the corpus too.
    let name: String
    /// How many random cases each run of the tests tries.
    let cases: Int
    /// - Returns: Whether the bytes are of the kind that the target is about.
    /// - Throws: ``BrokenProperty``.
    let check: @Sendable ([UInt8]) throws -> Bool

    init(_ name: String, cases: Int = 6000, _ check: @escaping @Sendable ([UInt8]) throws -> Bool) {
        (self.name, self.cases, self.check) = (name, cases, check)
    }

    /// A target of text.
    static func text(
        _ name: String,
        cases: Int = 6000,
        _ check: @escaping @Sendable (String) throws -> Bool
    ) -> FuzzTarget {
        FuzzTarget(name, cases: cases) { try check(String(decoding: $0, as: UTF8.self)) }
    }
}

extension FuzzTarget: CustomTestStringConvertible {
    var testDescription: String { name }
}

extension FuzzTarget {
    static let corpus = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Corpus")

    /// Inputs to begin with: good ones, and those that once broke the property.
    func inputs() throws -> [(file: String, bytes: [UInt8])] {
        let folder = Self.corpus.appending(path: name)
        return try FileManager.default.contentsOfDirectory(atPath: folder.path()).sorted().map { file in
            (file, [UInt8](try Data(contentsOf: folder.appending(path: file))))
        }
    }
}
