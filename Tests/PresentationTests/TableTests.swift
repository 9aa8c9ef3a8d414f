import Presentation
import Testing

@Suite("Lists as text")
struct TableTests {
    static let table = Table(
        header: ["A", "BB"],
        rows: [["1", ""], ["three", "=1+1"], ["a,\"b\"", "-x"], ["line\nbreak", "+49"]]
    )

    @Test("Aligned for people, an empty cell is a dash, no trailing spaces")
    func aligned() {
        let table = Table(header: ["A", "BB"], rows: [["1", ""], ["three", "x"]])
        #expect(table.aligned() == "A      BB\n1      -\nthree  x\n")
    }

    @Test("A name cannot steer the terminal, and columns are as wide as their characters")
    func steering() {
        let table = Table(header: ["A", "B"], rows: [["a\u{1B}[2J\nb\u{9B}", "x"], ["äöü", "y"]])
        #expect(
            table.aligned() == #"""
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

    @Test("A negative number is one, and no formula")
    func negativeNumber() {
        #expect(Table(header: ["A"], rows: [["-12"], ["-12+3"]]).csv == "A\r\n-12\r\n'-12+3\r\n")
    }

    @Test("Characters that change the text direction are escaped too")
    func direction() {
        #expect("a\u{202E}b\u{2028}".printable == #"a\u{202E}b\u{2028}"#)
    }

    @Test("Only first cells are coloured, and columns stay aligned")
    func coloured() {
        let table = Table(header: ["A", "B"], rows: [["ok", "ok"], ["failed", "x"]])
        let text = table.aligned(TableStyle(isColoured: true), colouring: ["ok": .green])
        #expect(text == "A       B\n\u{1B}[32mok\u{1B}[0m      ok\nfailed  x\n")
    }

    @Test("Markdown shows every cell as the text it is")
    func markdown() {
        let table = Table(header: ["A"], rows: [["a|b\n<img src=x> `c` [l](u) *e* & \\"]])
        let cell = #"a\|b\\n&lt;img src=x&gt; \`c\` \[l\](u) \*e\* &amp; \\"#
        #expect(table.markdown == "| A |\n| --- |\n| \(cell) |\n")
    }
}
