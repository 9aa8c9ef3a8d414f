import Kubernetes

/// What lies beside a copy's file, and says that it is whole: a flat JSON object with the fields of ``HookFacts`` and
/// ``CopyContents``, and those here.
struct CopyManifest: Codable, Hashable, Sendable {
    /// The longest that is read, in bytes; labels and annotations are the most of it.
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
