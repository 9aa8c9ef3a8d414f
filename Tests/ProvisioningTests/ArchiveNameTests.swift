import Provisioning
import Testing

@Suite("Names of archives (R5, T5)")
struct ArchiveNameTests {
    @Test("As nfs-subdir-external-provisioner names them, with a suffix if the name is taken")
    func names() {
        #expect(ArchiveName.name(for: "clinic-db-pvc-1") == "archived-clinic-db-pvc-1")
        #expect(ArchiveName.name(for: "db", suffix: "x") == "archived-db-x")
    }

    @Test("A long basename is cut, between characters, and the suffix stays")
    func cut() {
        let name = ArchiveName.name(for: String(repeating: "é", count: 127), suffix: "20260101T000000Z-abcd")
        #expect(name.utf8.count <= 255 && name.hasSuffix("é-20260101T000000Z-abcd"))
    }

    @Test(
        "Names of archives and other names",
        arguments: [
            ("archived-x", true), ("archieved-x", true), ("archive", false), ("x", false), ("archived-\u{301}x", true),
        ]
    )
    func isArchive(name: String, expected: Bool) {
        #expect(ArchiveName.isArchive(name) == expected)
    }
}
