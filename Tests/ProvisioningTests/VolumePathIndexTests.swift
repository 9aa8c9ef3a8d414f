import Testing

@testable import Provisioning

@Suite("Which volumes touch (S4, R8)")
struct VolumePathIndexTests {
    static func place(_ path: String, on server: String = "nas1") throws -> VolumePathIndex.Place {
        try #require(VolumePathIndex.Place(realm: server, path: path))
    }

    static func index() throws -> VolumePathIndex {
        var index = VolumePathIndex()
        index.insert("root", at: [try place("/srv/k8s")])
        index.insert("ab", at: [try place("/srv/k8s/a/b")])
        index.insert("elsewhere", at: [try place("/srv/k8s/c", on: "nas2")])
        return index
    }

    @Test(
        "S4: a path that is, contains or lies within another's; the export's root has no neighbours",
        arguments: [
            ("/srv/k8s/a/b", "ab"), ("/srv/k8s/a", "ab"), ("/srv/k8s/a/b/c", "ab"), ("/srv/k8s/a/bb", nil),
            ("/srv/k8s/c", nil), ("/srv/k8s/d", nil), ("/srv/k8s//a/b/", "ab"),
            // To text, a slash and a combining mark are one character.
            ("/srv/k8s/a/b/\u{301}x", "ab"),
        ] as [(String, String?)]
    )
    func neighbour(path: String, volume: String?) throws {
        let index = try Self.index()
        let root = try Self.place("/srv/k8s")
        #expect(index.neighbour(of: "new", at: try Self.place(path), below: root) == volume)
    }

    @Test("Names that look alike and are different files do not touch")
    func bytes() throws {
        var index = VolumePathIndex()
        index.insert("composed", at: [try Self.place("/srv/\u{e9}")])
        let decomposed = try Self.place("/srv/e\u{301}")
        #expect(index.neighbour(of: "new", at: decomposed, below: try Self.place("/srv")) == nil)
    }

    @Test("A volume is not its own neighbour, and none once it is removed")
    func own() throws {
        var index = try Self.index()
        let root = try Self.place("/srv/k8s")
        #expect(index.neighbour(of: "ab", at: try Self.place("/srv/k8s/a/b"), below: root) == nil)
        index.remove("ab")
        #expect(index.neighbour(of: "new", at: try Self.place("/srv/k8s/a"), below: root) == nil)
    }

    @Test("R8: other volumes on a directory or below it; one that is leaving does not count, but keeps its place")
    func otherVolumes() throws {
        var index = try Self.index()
        let place = try Self.place("/srv/k8s/a/b")
        index.insert("twin", at: [place])
        index.insert("below", at: [try Self.place("/srv/k8s/a/b/c")])
        #expect(index.otherVolumes(of: "ab", at: place) == ["below", "twin"])
        #expect(index.otherVolumes(of: "below", at: try Self.place("/srv/k8s/a/b/c")) == [])
        index.leave("twin")
        #expect(index.otherVolumes(of: "ab", at: place) == ["below"])
        index.remove("ab")
        index.remove("below")
        #expect(index.neighbour(of: "new", at: place, below: try Self.place("/srv/k8s")) == "twin")
        index.stay("twin")
        #expect(index.otherVolumes(of: "new", at: place) == ["twin"])
    }

    @Test("A volume may have two places, and leaves nothing behind in either")
    func twoPlaces() throws {
        var index = try Self.index()
        let (first, second) = (try Self.place("/srv/k8s/x"), try Self.place("/x", on: "export-1"))
        index.insert("two", at: [first])
        index.insert("two", at: [first, second])
        #expect(index.otherVolumes(of: "new", at: second) == ["two"])
        index.remove("two")
        #expect(index.otherVolumes(of: "new", at: first) == [] && index.otherVolumes(of: "new", at: second) == [])
    }
}
