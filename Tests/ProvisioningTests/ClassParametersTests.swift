import Provisioning
import Testing

@Suite("Class parameters (P1–P4)")
struct ClassParametersTests {
    @Test(
        "P1: the release action of a class",
        arguments: [
            ([:], ReleaseAction.archive),
            (["onDelete": "delete"], .delete),
            (["onDelete": "retain"], .retain),
            (["onDelete": "archive"], .archive),
            (["onDelete": ""], .archive),
            (["archiveOnDelete": "false"], .delete),
            (["archiveOnDelete": "F"], .delete),
            (["archiveOnDelete": "0"], .delete),
            (["archiveOnDelete": "1"], .archive),
            (["archiveOnDelete": "T"], .archive),
            (["archiveOnDelete": "False", "onDelete": "retain"], .retain),
        ]
    )
    func release(parameters: [String: String], action: ReleaseAction) throws {
        #expect(try ClassParameters(parameters).releaseAction == action)
    }

    @Test(
        "P4: a known parameter with an unreadable value is named",
        arguments: [
            ("onDelete", "Delete"), ("onDelete", "purge"), ("archiveOnDelete", "yes"), ("mountPermissions", "0888"),
            ("mode", "rwx"), ("mode", "17777"), ("uid", "-1"), ("uid", "4294967295"), ("gid", "staff"),
            ("pathPattern", "${.PVC.uid}"), ("subDir", "${nope}"),
        ]
    )
    func unreadable(name: String, value: String) {
        let error = #expect(throws: ParameterError.self) { try ClassParameters([name: value]) }
        #expect(error?.parameter == name && error?.value == value)
    }

    @Test("P2: csi-driver-nfs' names in any case are its names")
    func anyCase() throws {
        let parameters = try ClassParameters([
            "Server": "nas1", "SHARE": "/srv", "subdir": "${pvc.metadata.name}", "mountpermissions": "0770",
            "ondelete": "delete",
        ])
        #expect(parameters.export?.description == "nas1:/srv" && parameters.pathTemplate != nil)
        #expect(parameters.mode == 0o770 && parameters.releaseAction == .delete && parameters.unknown == [])
        #expect(try ClassParameters.releaseAction(of: ["onDELETE": "retain"]) == .retain)
    }

    @Test(
        "P4: a name that is nearly a known one is refused, as it would be ignored",
        arguments: [
            ["pathpattern": "x"], ["path-pattern": "x"], ["archiveondelete": "false"], ["archiveOnDelet": "false"],
            ["onDelte": "delete"], ["bakup": "required"], ["shares": "/srv"],
            ["server": "a", "share": "/b", "Server": "c"],
        ]
    )
    func nearMiss(parameters: [String: String]) {
        let error = #expect(throws: ParameterError.self) { try ClassParameters(parameters) }
        #expect(error?.remedy.isEmpty == false)
    }

    @Test(
        "P4: a name that resembles no known one is reported and ignored",
        arguments: ["user", "mod", "csi.storage.k8s.io/fstype"]
    )
    func farFromAll(name: String) throws {
        #expect(try ClassParameters([name: "x"]).unknown == [name])
    }

    @Test(
        "P2, P3: server and share go together",
        arguments: [
            (["server": "nas1"], "share"), (["share": "/srv"], "server"),
            (["server": "nas1", "share": "srv"], "share"),
            (["server": "nas1", "share": "/srv/../etc"], "share"),
        ]
    )
    func exportRefused(parameters: [String: String], named: String) {
        let error = #expect(throws: ParameterError.self) { try ClassParameters(parameters) }
        #expect(error?.parameter == named)
    }

    @Test("P4: all mistakes of a class are named at once")
    func several() throws {
        let parameters = ["onDelete": "purge", "mode": "9", "pathpattern": "x", "uid": "-1", "backup": "maybe"]
        let error = #expect(throws: ParameterError.self) { try ClassParameters(parameters) }
        let sentence = try #require(error?.description)
        for name in parameters.keys { #expect(sentence.contains("class parameter \(name): "), "\(sentence)") }
    }

    @Test("P2, V5: an export, permissions and owner as csi-driver-nfs' users write them")
    func values() throws {
        let parameters = try ClassParameters([
            "server": "nas1", "share": "/srv//k8s/", "subDir": "${pvc.metadata.name}", "mountPermissions": "0770",
            "uid": "1000", "gid": "2000",
        ])
        #expect(parameters.export?.description == "nas1:/srv/k8s")
        #expect(parameters.pathTemplate?.description == "${pvc.metadata.name}")
        #expect(parameters.mode == 0o770 && parameters.uid == 1000 && parameters.gid == 2000)
        #expect(try ClassParameters([:]).mode == 0o777)
        for zero in ["0", "0000"] { #expect(try ClassParameters(["mountPermissions": zero]).mode == nil) }
    }

    @Test("P4: unknown parameters are listed and harm nothing")
    func unknown() throws {
        #expect(
            try ClassParameters(["typo": "x", "onDelete": "retain", "another": ""]).unknown == ["another", "typo"]
        )
    }
}
