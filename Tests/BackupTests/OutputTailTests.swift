import Testing

@testable import Backup

@Suite("The end of an output")
struct OutputTailTests {
    private func text(_ pieces: [String], without secrets: [String] = []) -> String? {
        var tail = OutputTail()
        for piece in pieces { tail.append(Array(piece.utf8)) }
        return tail.text(without: secrets)
    }

    @Test func aShortOneIsWhole() {
        #expect(text(["one\n", "two\n"]) == "one\ntwo")
        #expect(text([" \n"]) == nil)
    }

    @Test func ofALongOneTheEndIsKept() throws {
        let all = try #require(text((0..<100_000).map { "\($0) é\n" }))
        #expect(all.hasPrefix("…") && all.hasSuffix("99999 é"))
        #expect(all.utf8.count <= OutputTail.limit)
    }

    @Test func whatATerminalWouldObeyIsNotKept() {
        #expect(text(["a\u{1B}[31mb\rc\u{202E}d\u{0}"]) == "a\u{FFFD}[31mb\nc\u{FFFD}d\u{FFFD}")
    }

    @Test func secretsAreReplacedAlsoAcrossTheEdge() throws {
        let secret = "s3cret-s3cret"
        for padding in 4070..<4100 {
            let all = try #require(
                text(
                    [String(repeating: "a", count: 5000), secret, String(repeating: "b", count: padding)],
                    without: [secret]
                )
            )
            #expect(!all.contains("cret"))
        }
        #expect(text(["x s3cr", "et-s3cret y"], without: [secret]) == "x ••• y")
    }

    @Test func whatTheCutLeavesOfASecretIsNotShown() throws {
        // Long, so that what is kept of many is short once they are replaced; it ends as it begins.
        let secret = "a correct horse with a battery é and a staple a"
        for padding in 0..<secret.utf8.count {
            let many = String(repeating: secret, count: 1000) + String(repeating: "-", count: padding)
            #expect(text([many], without: [secret])?.allSatisfy { "…•-".contains($0) } == true)
        }
    }
}
