import Foundation

/// A document of the project, with what others refer to in it.
struct MarkdownDocument {
    /// The folder that the project's files are in.
    static let project = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    let file: URL
    private let lines: [Substring]

    init(_ file: URL) throws {
        self.file = file
        lines = Self.prose(of: try String(contentsOf: file, encoding: .utf8))
    }

    init(_ path: String) throws {
        try self.init(Self.project.appending(path: path))
    }

    /// Every document of the project.
    static func all() throws -> [MarkdownDocument] {
        let files = FileManager.default.enumerator(
            at: project,
            includingPropertiesForKeys: nil,
            options: .skipsHiddenFiles
        )
        var documents: [MarkdownDocument] = []
        for case let file as URL in files ?? .init() where file.pathExtension == "md" {
            documents.append(try MarkdownDocument(file))
        }
        return documents
    }

    /// Its path in the project.
    var path: String { String(file.path().trimmingPrefix(Self.project.path())) }

    /// What stands in the parentheses of its links and pictures.
    var links: [String] {
        lines.flatMap { line in
            line.replacing(/`[^`]*`/, with: "").matches(of: /\]\(([^)\s]+)\)/).map { String($0.1) }
        }
    }

    /// The headings of a level, without their marks.
    func headings(level: Int) -> [String] {
        let mark = String(repeating: "#", count: level) + " "
        return lines.filter { $0.hasPrefix(mark) }.map { String($0.dropFirst(mark.count)) }
    }

    /// What links may name behind `#`, as GitLab and GitHub make it of headings.
    var anchors: Set<String> {
        var counts: [String: Int] = [:]
        return Set(
            lines.filter { $0.hasPrefix("#") && $0.drop { $0 == "#" }.hasPrefix(" ") }.map { heading in
                let text = heading.drop { $0 == "#" }.dropFirst().lowercased()
                let anchor = text.replacing(/[^\p{L}\p{N} _-]/, with: "").replacing(" ", with: "-")
                defer { counts[anchor, default: 0] += 1 }
                return counts[anchor].map { "\(anchor)-\($0)" } ?? anchor
            }
        )
    }

    /// Its quotations, a string each, however many lines they take.
    var quotations: [String] {
        lines.split { !$0.hasPrefix("> ") }.map { $0.map { $0.dropFirst(2) }.joined(separator: " ") }
    }

    /// Its lines but those of code.
    private static func prose(of text: String) -> [Substring] {
        var isCode = false
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            if line.hasPrefix("```") { isCode.toggle() }
            return isCode || line.hasPrefix("    ") ? "" : line
        }
    }
}
