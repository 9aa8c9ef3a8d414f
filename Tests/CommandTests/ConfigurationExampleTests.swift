import Foundation
import Testing

@testable import Commands

@Suite("Configuration files in the documents")
struct ConfigurationExampleTests {
    @Test("Every example is valid unchanged")
    func usable() throws {
        var count = 0
        for document in try MarkdownDocument.all() {
            let text = try String(contentsOf: document.file, encoding: .utf8)
            for match in text.matches(of: /(?ms)^```yaml\n(.*?)^```$/) where !match.1.contains("apiVersion:") {
                let file = try ConfigurationFile(path: document.path, text: String(match.1))
                let values = SettingValues(flags: [:], environment: [:], file: file)
                #expect(throws: Never.self, "\(document.path): \(match.1)") { try ControllerConfiguration(values) }
                count += 1
            }
        }
        #expect(count > 10)
    }
}
