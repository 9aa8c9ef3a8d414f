import Foundation
import Kubernetes
import NFS

/// The manifest beside a copy's file, which marks the file as complete: a flat JSON object with the fields of
/// ``HookFacts`` and ``CopyContents``, and those here.
struct CopyManifest: Codable, Hashable, Sendable {
    /// The most that is read of a manifest, in bytes; labels and annotations make up most of one.
    static let limit = 4 << 20

    let facts: HookFacts
    /// The name of the file beside it.
    let file: String
    let contents: CopyContents
    let createdAt: Timestamp

    init(_ facts: HookFacts, file: String, _ contents: CopyContents) {
        self.facts = facts
        self.file = file
        self.contents = contents
        createdAt = .now
    }

    private enum CodingKeys: CodingKey {
        case file, createdAt
    }

    init(from decoder: any Decoder) throws {
        facts = try HookFacts(from: decoder)
        contents = try CopyContents(from: decoder)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        file = try container.decode(String.self, forKey: .file)
        createdAt = try container.decode(Timestamp.self, forKey: .createdAt)
    }

    func encode(to encoder: any Encoder) throws {
        try facts.encode(to: encoder)
        try contents.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(file, forKey: .file)
        try container.encode(createdAt, forKey: .createdAt)
    }
}

extension CopyFolder {
    /// The manifest of a copy's file in this folder.
    ///
    /// - Returns: nil if there is none, or it cannot be decoded.
    func manifest(of file: NFSName) async throws -> CopyManifest? {
        guard let note = try await open(try CopyNames.manifest(of: file)) else { return nil }
        let bytes = try await note.read(at: 0, count: CopyManifest.limit)
        return try? JSONDecoder().decode(CopyManifest.self, from: Data(bytes))
    }
}

/// The sizes and the digest of a copy's file.
struct CopyContents: Codable, Hashable, Sendable {
    /// The file's size.
    var bytes: Int64
    /// The SHA-256 of the file's bytes, 64 hexadecimal digits.
    var sha256: String
    /// The size of the tar archive in it.
    var tarBytes: Int64
}
