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
}
