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

    @Test("What is none", arguments: ["", "nas1", "nas1:srv", ":/srv", "nas1:/srv/..", "nas1:/./srv"])
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
