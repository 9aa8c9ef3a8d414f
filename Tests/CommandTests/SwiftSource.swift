import Foundation

/// A Swift file of the project.
struct SwiftSource {
    /// Its path in the project.
    let path: String
    let text: String

    /// Every Swift file in a folder of the project.
    static func all(in folder: String) throws -> [SwiftSource] {
        let files = FileManager.default.enumerator(
            at: MarkdownDocument.project.appending(path: folder),
            includingPropertiesForKeys: nil
        )
        var sources: [SwiftSource] = []
        for case let file as URL in files ?? .init() where file.pathExtension == "swift" {
            let path = String(file.path().trimmingPrefix(MarkdownDocument.project.path()))
            sources.append(SwiftSource(path: path, text: try String(contentsOf: file, encoding: .utf8)))
        }
        return sources
    }

    /// The file's name without its extension.
    var name: String {
        let file = path.split(separator: "/").last ?? ""
        return String(file.dropLast(".swift".count))
    }

    /// A test's text from its attribute on, with the suite's title before it.
    ///
    /// - Parameter function: The test's function; nil means the whole file.
    /// - Returns: nil if there is no such test.
    func test(_ function: String?) -> String? {
        guard let function else { return text }
        let parts = text.components(separatedBy: "@Test")
        guard let test = parts.dropFirst().first(where: { $0.contains("func \(function)(") }) else { return nil }
        return parts[0] + test
    }
}
