import Backup
import Testing

@testable import sb_nfs_provisioner

@Suite("Lists as text")
struct OutputTests {
    static let table = Table(
        header: ["A", "BB"],
        rows: [["1", ""], ["three", "=1+1"], ["a,\"b\"", "-x"], ["line\nbreak", "+49"]]
    )

    @Test("Aligned for people, an empty cell is a dash, no trailing spaces")
    func aligned() {
        let table = Table(header: ["A", "BB"], rows: [["1", ""], ["three", "x"]])
        #expect(table.aligned == "A      BB\n1      -\nthree  x\n")
    }

    @Test("A name cannot steer the terminal, and columns are as wide as their characters")
    func steering() {
        let table = Table(header: ["A", "B"], rows: [["a\u{1B}[2J\nb\u{9B}", "x"], ["äöü", "y"]])
        #expect(
            table.aligned == #"""
                A                      B
                a\u{1B}[2J\nb\u{009B}  x
                äöü                    y

                """#
        )
    }

    @Test("RFC 4180, and no cell begins a formula")
    func csv() {
        let lines = ["A,BB", "1,", "three,'=1+1", "\"a,\"\"b\"\"\",'-x", "\"line\nbreak\",'+49", ""]
        #expect(Self.table.csv == lines.joined(separator: "\r\n"))
    }

    @Test(
        "Spans of time",
        arguments: [
            ("90s", 90), ("30m", 1800), ("12h", 43_200), ("30d", 2_592_000), ("2w", 1_209_600), ("0d", 0), ("", nil),
            ("d", nil), ("30", nil), ("-1d", nil), ("1.5d", nil), ("1y", nil), ("9223372036854775807w", nil),
        ] as [(String, Int64?)]
    )
    func ages(text: String, seconds: Int64?) {
        #expect(Age(text)?.seconds == seconds)
    }

    @Test(
        "A span of time in its largest unit",
        arguments: [("0d", "0s"), ("90s", "90s"), ("60m", "1h"), ("36h", "36h"), ("24h", "1d"), ("2w", "14d")]
    )
    func ageDescription(text: String, description: String) {
        #expect(Age(text)?.description == description)
    }
}
