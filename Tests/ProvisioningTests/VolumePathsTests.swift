import Kubernetes
import Testing

@testable import Provisioning

@Suite("Paths of volumes, reserved and released (S4, R8)")
struct VolumePathsTests {
    static func plan(_ name: String, path: String, server: String = "nas1") throws -> ProvisioningPlan {
        let claim = ClaimVerdictTests.claim { $0.metadata.uid = "uid-\(name)" }
        let storageClass = ClaimVerdictTests.storageClass {
            $0.parameters = ["pathPattern": path, "server": server, "share": "/srv/k8s"]
        }
        return try #require(ClaimVerdictTests.verdict(claim, storageClass).plan)
    }

    static func volume(of plan: ProvisioningPlan, exportID: String?) -> PersistentVolume {
        var volume = plan.volume
        volume.metadata.annotations?[AnnotationKey.exportID] = exportID
        return volume
    }

    @Test("S4: of two claims for one path the second is refused until the first is gone")
    func reserved() throws {
        let paths = VolumePaths()
        let (first, second) = (try Self.plan("first", path: "a"), try Self.plan("second", path: "a/b"))
        try paths.reserve(first)
        try paths.reserve(first)
        let error = #expect(throws: ShareError.self) { try paths.reserve(second) }
        #expect(error?.description.contains("that of volume pvc-uid-first") == true)
        paths.remove(first.volumeName)
        try paths.reserve(second)
    }

    @Test("S4: one export under two names is recognised by its identity")
    func aliases() throws {
        let paths = VolumePaths()
        paths.insert(Self.volume(of: try Self.plan("known", path: "a", server: "10.0.0.1"), exportID: "export-1"))
        let plan = try Self.plan("new", path: "a", server: "nas1")
        try paths.reserve(plan)
        #expect(throws: ShareError.self) { try paths.reserve(plan, exportID: "export-1") }
    }

    @Test(
        "S4, S6: a volume's directory neither is nor holds another class' export",
        arguments: [
            ("/srv", "k8s", true), ("/", "srv", true), ("/", "srv/k8s", true), ("/srv", "k8s-2", false),
            ("/srv", "k", false),
            ("/srv/k8s", "a", false), ("/srv/k8s", "srv/k8s", false),
        ]
    )
    func exports(share: String, path: String, isRefused: Bool) throws {
        let storageClass = ClaimVerdictTests.storageClass {
            $0.parameters = ["pathPattern": path, "server": "nas1", "share": share]
        }
        let plan = try #require(ClaimVerdictTests.verdict(ClaimVerdictTests.claim(), storageClass).plan)
        let export = ConfiguredShares.export(
            within: plan,
            classes: [storageClass],
            settings: ClaimVerdictTests.settings
        )
        #expect(export == (isRefused ? ExportPath("nas1:/srv/k8s") : nil))
    }

    @Test("S4, S6: nor the export of an unusable class, or of the settings")
    func exportsOfOthers() throws {
        let plan = try Self.plan("new", path: "a", server: "nas1")
        let inside = try #require(ExportPath(server: "nas1", path: plan.share.export.absolute(plan.path) + "/b"))
        let broken = ClaimVerdictTests.storageClass {
            $0.parameters = ["server": inside.server, "share": inside.path, "mode": "none"]
        }
        var settings = ClaimVerdictTests.settings
        #expect(ConfiguredShares.export(within: plan, classes: [broken], settings: settings) == inside)
        settings.additionalExports = [inside]
        #expect(ConfiguredShares.export(within: plan, classes: [], settings: settings) == inside)
    }

    @Test("S4: a volume that is being reclaimed keeps its path until it is gone")
    func leaving() throws {
        let paths = VolumePaths()
        let plan = try Self.plan("old", path: "a")
        let volume = Self.volume(of: plan, exportID: "export-1")
        paths.insert(volume)
        #expect(paths.leave(volume, exportID: "export-1") == [])
        // What a watch tells of it meanwhile changes nothing.
        paths.insert(volume)
        let next = try Self.plan("new", path: "a")
        #expect(throws: ShareError.self) { try paths.reserve(next) }
        paths.remove(volume.key.name)
        try paths.reserve(next)
    }

    @Test(
        "R8: of two volumes on one directory that are released together, one finds the other and one finds itself alone"
    )
    func together() throws {
        let paths = VolumePaths()
        let first = Self.volume(of: try Self.plan("first", path: "a"), exportID: nil)
        var second = first
        second.metadata.name = "second"
        paths.insert(first)
        paths.insert(second)
        #expect(paths.leave(first, exportID: "export-1") == ["second"])
        #expect(paths.leave(second, exportID: "export-1") == [])
        paths.stay(first)
        #expect(paths.leave(second, exportID: "export-1") == [first.key.name])
    }

    @Test("Reservations end with the leadership under which they were made")
    func rebuilt() throws {
        let paths = VolumePaths()
        try paths.reserve(try Self.plan("forgotten", path: "a"))
        let known = Self.volume(of: try Self.plan("known", path: "b"), exportID: nil)
        paths.rebuild { [known] }
        try paths.reserve(try Self.plan("new", path: "a"))
        #expect(throws: ShareError.self) { try paths.reserve(try Self.plan("other", path: "b")) }
    }
}
