import Foundation

/// The rules that `docs/rules.md` lists: the rows of its tables with four cells, of which the first is an id.
struct RulesPage {
    struct Rule {
        let id: String
        /// As the page names them: `Suite`, `Suite.function` or `Target/Suite.function`.
        let tests: [String]
    }

    let rules: [Rule]
    /// The letters that ids begin with.
    private let groups: Set<UInt8>

    init() throws {
        let file = MarkdownDocument.project.appending(path: "docs/rules.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        rules = text.split(separator: "\n").compactMap { Rule(row: $0) }
        groups = Set(rules.compactMap(\.id.utf8.first))
    }

    var ids: Set<String> { Set(rules.map(\.id)) }

    /// The ids in a text, also those that are not on the page: words made of a group's letter and a number.
    func citations(in text: String) -> Set<String> {
        let words: [Substring.UTF8View] = text.utf8.split { !Self.isOfWord($0) }
        return Set(words.filter { isID($0) }.map { String(Substring($0)) })
    }

    private func isID(_ word: Substring.UTF8View) -> Bool {
        let number = word.dropFirst()
        guard let letter = word.first, groups.contains(letter), (1...2).contains(number.count) else { return false }
        return number.first != UInt8(ascii: "0") && number.allSatisfy { Self.isDigit($0) }
    }

    private static func isOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
        default: isDigit(byte)
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}

extension RulesPage.Rule {
    /// - Returns: nil for a line that is no row of a rule.
    fileprivate init?(row: Substring) {
        let cells = row.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
            .map { $0.trimmingCharacters(in: .whitespaces) }
        guard cells.count == 4, cells[0].wholeMatch(of: /[A-Z][1-9][0-9]?/) != nil else { return nil }
        id = cells[0]
        tests = cells[3].matches(of: /`([^`]+)`/).map { String($0.1) }
    }
}
