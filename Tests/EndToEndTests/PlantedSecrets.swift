import Foundation
import TestBed
import Testing

/// Secrets that a controller is given in every way there is, each with a text of its own that stands nowhere else.
struct PlantedSecrets {
    /// By what they are.
    private var texts: [String: String] = [:]

    /// A new one.
    mutating func plant(_ name: String) -> String {
        let text = "planted-\(name)-\(UUID().uuidString)"
        texts[name] = text
        return text
    }

    /// One that there is already.
    mutating func know(_ name: String, _ text: String) {
        texts[name] = text
    }

    /// Records an issue for each that a text shows, wholly, in part, or in base64.
    func expectNone(in text: String, of place: String, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(!text.isEmpty, "there was nothing to look at: \(place)", sourceLocation: sourceLocation)
        for (name, secret) in texts {
            let base64 = Data(secret.utf8).base64EncodedString()
            let forms = [secret.prefix(24), secret.suffix(24), base64.prefix(24)].map(String.init)
            for form in forms {
                guard let found = text.firstRange(of: form) else { continue }
                let line = text[..<found.lowerBound].suffix(400) + text[found]
                Issue.record("\(place) shows the \(name): …\(line)", sourceLocation: sourceLocation)
            }
        }
    }

    /// The same for every file below a folder.
    ///
    /// - Returns: How many there are.
    func expectNone(inFilesBelow folder: URL) throws -> Int {
        var count = 0
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        for case let file as URL in files ?? .init() where !file.hasDirectoryPath {
            expectNone(in: String(decoding: try Data(contentsOf: file), as: UTF8.self), of: file.path())
            count += 1
        }
        return count
    }
}
