import Presentation
import Testing

@Suite("Output formats")
struct OutputFormatTests {
    @Test("Each has one name, and a list of choices reads as a sentence")
    func names() {
        let names = OutputFormat.allCases.map(\.rawValue)
        #expect(names == ["table", "wide", "json", "yaml", "csv", "markdown", "html"])
        #expect([OutputFormat.table, .wide, .json].choice == "table, wide or json")
        #expect([OutputFormat.yaml].choice == "yaml")
    }
}

@Suite("Text that is too long for a terminal")
struct ShorteningTests {
    @Test("One character replaces the middle, and the ends stay")
    func middle() {
        #expect("archived-clinic-patients".shortened(to: 11) == "archi…ients")
        #expect("archived".shortened(to: 8) == "archived")
        #expect("äöüäöüäöü".shortened(to: 4) == "äö…ü")
        #expect("äöü".shortened(to: 3) == "äöü")
        #expect("abc".shortened(to: 1) == "a" && "abc".shortened(to: 0) == "")
    }

    private static let table = Table(
        header: ["ID", "NAME", "SIZE", "REASON"],
        rows: [["pvc-3f0c2a51-1111", "patients", "12", "the record of this archive has no time in it"]],
        wide: ["SIZE"],
        whole: ["ID"]
    )

    @Test("A table fits the terminal: the longest cells are shortened, ids never")
    func fits() {
        let lines = Self.table.aligned(TableStyle(width: 50)).split(separator: "\n")
        #expect(lines.map(\.count).max() == 50)
        #expect(lines[0].hasPrefix("ID                 NAME      REASON"))
        #expect(lines[1] == "pvc-3f0c2a51-1111  patients  the record…time in it")
        let narrow = Self.table.aligned(TableStyle(width: 10))
        #expect(narrow.contains("pvc-3f0c2a51-1111  patients  the … it"))
    }

    @Test("Nothing is shortened without a terminal, in the wide layout, and in CSV and Markdown")
    func full() {
        let reason = "the record of this archive has no time in it"
        #expect(Self.table.aligned(TableStyle()).contains(reason))
        #expect(!Self.table.aligned(TableStyle()).contains("SIZE"))
        let wide = Self.table.aligned(TableStyle(isWide: true, width: 20))
        #expect(wide.contains(reason) && wide.contains("SIZE"))
        #expect(Self.table.csv.contains(reason) && Self.table.csv.hasPrefix("ID,NAME,SIZE,REASON"))
        #expect(Self.table.markdown.contains("| ID | NAME | SIZE | REASON |"))
    }
}
