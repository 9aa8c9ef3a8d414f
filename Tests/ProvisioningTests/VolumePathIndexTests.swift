import Testing

@testable import Provisioning

@Suite("Which volumes touch (S4, R8)")
struct VolumePathIndexTests {
    static let index: VolumePathIndex = {
        var index = VolumePathIndex()
        index.insert("root", server: "nas1", path: "/srv/k8s")
        index.insert("ab", server: "nas1", path: "/srv/k8s/a/b")
        index.insert("elsewhere", server: "nas2", path: "/srv/k8s/c")
        return index
    }()

    @Test(
        "S4: a path that is, contains or lies within another's; the export's root is nobody's neighbour",
        arguments: [
            ("/srv/k8s/a/b", "ab"), ("/srv/k8s/a", "ab"), ("/srv/k8s/a/b/c", "ab"), ("/srv/k8s/a/bb", nil),
            ("/srv/k8s/c", nil), ("/srv/k8s/d", nil), ("/srv/k8s//a/b/", "ab"),
        ] as [(String, String?)]
    )
    func neighbour(path: String, volume: String?) {
        #expect(Self.index.neighbour(of: "new", server: "nas1", path: path, below: "/srv/k8s") == volume)
    }

    @Test("A volume is not its own neighbour, and none once it is removed")
    func own() {
        var index = Self.index
        #expect(index.neighbour(of: "ab", server: "nas1", path: "/srv/k8s/a/b", below: "/srv/k8s") == nil)
        index.remove("ab")
        #expect(index.neighbour(of: "new", server: "nas1", path: "/srv/k8s/a", below: "/srv/k8s") == nil)
    }

    @Test("R8: who else is on a directory or below it")
    func sharers() {
        var index = Self.index
        index.insert("twin", server: "nas1", path: "/srv/k8s/a/b")
        index.insert("below", server: "nas1", path: "/srv/k8s/a/b/c")
        #expect(index.sharers(of: "ab", server: "nas1", path: "/srv/k8s/a/b") == ["below", "twin"])
        #expect(index.sharers(of: "below", server: "nas1", path: "/srv/k8s/a/b/c") == [])
    }

    @Test("A volume that moves leaves nothing behind")
    func moved() {
        var index = Self.index
        index.insert("ab", server: "nas1", path: "/srv/k8s/x")
        #expect(index.sharers(of: "new", server: "nas1", path: "/srv/k8s/a") == [])
        #expect(index.sharers(of: "new", server: "nas1", path: "/srv/k8s/x") == ["ab"])
    }
}
