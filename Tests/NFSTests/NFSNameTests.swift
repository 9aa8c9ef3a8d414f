import NFS
import Testing

@Suite struct NFSNameTests {
    @Test(arguments: ["a", "a b", ".hidden", "...", "Ü", String(repeating: "x", count: 255)])
    func acceptsOneComponent(_ text: String) throws {
        #expect(try NFSName(text).string == text)
    }

    @Test(
        arguments: [
            ([], "a file name must not be empty"),
            (Array(".".utf8), "“.” is not a file name"),
            (Array("..".utf8), "“..” is not a file name"),
            (Array("a/b".utf8), "the file name “a/b” must not contain “/”"),
            (Array("/".utf8), "the file name “/” must not contain “/”"),
            (Array("a\0b".utf8), #"the file name “a\x00b” must not contain a NUL"#),
            (
                Array(repeating: 0x61, count: 256),
                "the file name “\(String(repeating: "a", count: 32))…” is 256 bytes long; the limit is 255"
            ),
        ] as [([UInt8], String)]
    )
    func refusesWhatIsNotOne(_ bytes: [UInt8], _ sentence: String) {
        let error = #expect(throws: InvalidName.self) { try NFSName(bytes: bytes) }
        #expect(error?.description == sentence)
    }

    @Test func keepsBytesThatAreNotText() throws {
        let name = try NFSName(bytes: [0x61, 0xFF, 0x0A])
        #expect(name.string == nil)
        #expect("\(name)" == #"a\xff\x0a"#)
    }
}
