import Provisioning
import Testing

@Suite("Exports as admins write them")
struct ExportPathTests {
    @Test(
        "server:/path, cleaned",
        arguments: [
            ("nas1:/srv/k8s", "nas1", "/srv/k8s"), ("nas1:/srv//k8s/", "nas1", "/srv/k8s"), ("nas1:/", "nas1", "/"),
            ("[fd00::1]:/srv", "fd00::1", "/srv"), ("10.0.0.1:/a b", "10.0.0.1", "/a b"),
        ]
    )
    func parsed(text: String, server: String, path: String) {
        let export = ExportPath(text)
        #expect(export?.server == server && export?.path == path)
    }

    @Test(
        "P3: spellings of one server are one",
        arguments: [("[::1]", "::1"), (" nas1\n", "nas1"), ("[fd00::1]", "fd00::1"), ("10.0.0.1", "10.0.0.1")]
    )
    func spellings(text: String, server: String) {
        #expect(ExportPath(server: text, path: "/srv") == ExportPath(server: server, path: "/srv"))
        #expect(ExportPath.mistake(server: text, path: "/srv") == nil)
        #expect(ExportPath(server: text, path: "/srv")?.server == server)
    }

    @Test(
        "P3: case, a dot at the end, and the form of an IPv6 address make no other server",
        arguments: [
            ("NAS1.example.com", "nas1.example.com", true), ("nas1.", "nas1", true), ("FD00::1", "fd00:0:0::1", true),
            ("[::1]", "0:0:0:0:0:0:0:1", true), ("::ffff:10.0.0.1", "::ffff:a00:1", true), ("nas1", "nas2", false),
            ("nas1..", "nas1", false), ("::1", "::2", false), ("10.0.0.1", "010.0.0.1", false),
        ]
    )
    func sameServer(one: String, other: String, isSame: Bool) throws {
        let exports = try [one, other].map { try #require(ExportPath(server: $0, path: "/srv")) }
        #expect((exports[0] == exports[1]) == isSame && (Set(exports).count == 1) == isSame)
        #expect(exports[0].isOn(server: other) == isSame)
        #expect(exports[0].server == ExportPath.host(one))
    }

    @Test(
        "P3: a message about a typing error names the server or the path that has it",
        arguments: [
            ("nfs://nas1", "/srv", true), ("nas1:2049", "/srv", true), ("nas 1", "/srv", true),
            ("me@nas1", "/srv", true),
            ("", "/srv", true), ("nas1", "/srv ", false), ("nas1", "/srv\n", false), ("nas1", "srv", false),
        ]
    )
    func mistakes(server: String, path: String, isOfServer: Bool) {
        #expect(ExportPath.mistake(server: server, path: path)?.isOfServer == isOfServer)
    }

    @Test("Anything else is rejected", arguments: ["", "nas1", "nas1:srv", ":/srv", "nas1:/srv/..", "nas1:/./srv"])
    func refused(text: String) {
        #expect(ExportPath(text) == nil)
    }

    @Test(
        "R12: what lies below an export, component by component",
        arguments: [
            ("/srv", "/srv/a/b", ["a", "b"]), ("/srv", "/srv", []), ("/srv", "/srv/", []), ("/", "/a", ["a"]),
            ("/srv", "/srvx/a", nil), ("/srv", "/other", nil), ("/srv", "/srv/../etc", nil), ("/srv", "srv/a", nil),
            ("/srv", "/srv/\u{301}x", ["\u{301}x"]),
        ] as [(String, String, [String]?)]
    )
    func below(root: String, path: String, components: [String]?) {
        #expect(ExportPath(server: "nas1", path: root)?.relativeComponents(of: path) == components)
    }
}
