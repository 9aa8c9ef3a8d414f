import Foundation
import Testing

@testable import Commands

@Suite("References in the documents exist")
struct DocumentTests {
    @Test("Every relative link leads to a file, and to a heading in it if it names one")
    func links() throws {
        let documents = try MarkdownDocument.all()
        #expect(documents.contains { $0.path == "README.md" })
        for document in documents {
            for link in document.links where !link.contains("://") {
                let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
                let target =
                    parts[0].isEmpty
                    ? document.file : URL(filePath: String(parts[0]), relativeTo: document.file).standardizedFileURL
                #expect(FileManager.default.fileExists(atPath: target.path()), "\(document.path) links to \(link)")
                guard parts.count == 2 else { continue }
                let anchors = try MarkdownDocument(target).anchors
                #expect(anchors.contains(String(parts[1])), "\(document.path) links to \(link)")
            }
        }
    }

    @Test("The README links to every page of docs, and the index of decisions to each decision")
    func readme() throws {
        let decisions = try MarkdownDocument("docs/decisions/README.md").links.map { "docs/decisions/\($0)" }
        let links = Set(try MarkdownDocument("README.md").links + decisions)
        for document in try MarkdownDocument.all() where document.path.hasPrefix("docs/") {
            #expect(links.contains(document.path), "\(document.path)")
        }
    }

    @Test("The changelog begins with this version, and the manifests take the image of it")
    func version() throws {
        let newest = try #require(MarkdownDocument("CHANGELOG.md").headings(level: 2).first)
        #expect(newest.hasPrefix("[\(Version.current)] - "), "\(newest)")
        let kustomization = try String(
            contentsOf: MarkdownDocument.project.appending(path: "manifests/base/kustomization.yaml"),
            encoding: .utf8
        )
        #expect(kustomization.contains("newTag: \(Version.current)\n"))
    }

    @Test("Quotes on the troubleshooting page match the program's messages")
    func quotations() throws {
        let sentences = try Self.sources()
        let quotations = try MarkdownDocument("docs/troubleshooting.md").quotations
        #expect(!quotations.isEmpty)
        for quotation in quotations {
            for part in quotation.split(separator: "…").map({ $0.trimmingCharacters(in: .whitespaces) })
            where !part.isEmpty {
                let isSaid = sentences.contains(part)
                #expect(isSaid, "\(part)")
            }
        }
    }

    /// The program's sources, with sentences that take several lines in one.
    private static func sources() throws -> String {
        let folder = MarkdownDocument.project.appending(path: "Sources")
        var all = ""
        for case let file as URL in FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
            ?? .init()
        where file.pathExtension == "swift" {
            all += try String(contentsOf: file, encoding: .utf8)
        }
        return all.replacing(/"\s*\+\s*"/, with: "").replacing(/\\\n\s*/, with: "").replacing("\\\"", with: "\"")
    }
}
