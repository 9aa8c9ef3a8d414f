import NFS
import Provisioning
import Testing

@Suite("Path templates (P1, P2, S1–S3)")
struct PathTemplateTests {
    static let values = PathTemplate.Values(
        namespace: "clinic",
        claim: "db",
        volume: "pvc-1",
        labels: ["team": "red", "empty": ""],
        annotations: [
            "example.com/dir": "store", "again": "${.PVC.name}", "slash": "a/b", "dots": "..", "bell": "\u{7}",
        ]
    )

    struct Row: Sendable, CustomTestStringConvertible {
        let template: String
        let path: String
        var testDescription: String { template }
    }

    @Test(
        "P1, P2: the paths of a template",
        arguments: [
            Row(template: "${.PVC.namespace}/${.PVC.name}", path: "clinic/db"),
            Row(template: "${.PVC.namespace}-${.PVC.labels.team}", path: "clinic-red"),
            Row(template: "x/${.PVC.annotations.example.com/dir}/y", path: "x/store/y"),
            Row(
                template: "${pvc.metadata.namespace}/${pvc.metadata.name}/${pv.metadata.name}",
                path: "clinic/db/pvc-1"
            ),
            Row(template: "/leading//doubled/trailing/", path: "leading/doubled/trailing"),
            Row(template: "$HOME/{x}", path: "$HOME/{x}"),
            // S3: a value is not expanded again.
            Row(template: "${.PVC.annotations.again}${.PVC.name}", path: "${.PVC.name}db"),
        ]
    )
    func gives(row: Row) throws {
        #expect(try PathTemplate(row.template).path(for: Self.values).description == row.path)
    }

    @Test(
        "S1, S2: refused paths and their messages",
        arguments: [
            ("${.PVC.labels.absent}", "${.PVC.labels.absent} has no value on the claim clinic/db"),
            ("${.PVC.namespace}/${.PVC.labels.empty}", "${.PVC.labels.empty} has no value"),
            ("${.PVC.annotations.slash}", "contains a slash"),
            ("${.PVC.annotations.dots}", "“..” is not a file name"),
            ("a/../b", "“..” is not a file name"),
            ("./b", "“.” is not a file name"),
            ("${.PVC.annotations.bell}", "control character"),
            ("a\0b", "NUL"),
            (String(repeating: "x", count: 256), "256 bytes"),
            (Array(repeating: "d", count: 33).joined(separator: "/"), "33 directories deep"),
            (".sb-nfs-provisioner/x", "the controller's own folder"),
            ("x/.sb-nfs-provisioner", "the controller's own folder"),
            (".SB-NFS-Provisioner/x", "the controller's own folder"),
        ]
    )
    func refused(template: String, words: String) throws {
        let template = try PathTemplate(template)
        let error = #expect(throws: PathError.self) { try template.path(for: Self.values) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    @Test(
        "P4: a template that cannot be read",
        arguments: [
            ("${.PVC.uid}", "${.PVC.uid} is unknown"),
            ("${.PVC.labels.}", "is unknown"),
            ("${.PVC.name", "is not closed"),
            ("", "names no directory"),
            ("///", "names no directory"),
        ]
    )
    func unreadable(template: String, words: String) {
        let error = #expect(throws: PathError.self) { try PathTemplate(template) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }

    @Test("S2: a setting allows an empty placeholder if its component does not become empty")
    func emptyAllowed() throws {
        let kept = try PathTemplate("${.PVC.namespace}-${.PVC.labels.absent}")
        #expect(try kept.path(for: Self.values, allowsEmptyValues: true).description == "clinic-")
        let whole = try PathTemplate("${.PVC.namespace}/${.PVC.labels.absent}")
        #expect(throws: PathError.self) { try whole.path(for: Self.values, allowsEmptyValues: true) }
    }

    @Test("N3: the standard path, and a name too long for a directory")
    func standard() throws {
        #expect(try VolumePath.standard(for: Self.values).description == "clinic-db-pvc-1")
        var long = Self.values
        long.claim = String(repeating: "c", count: 253)
        #expect(throws: PathError.self) { try VolumePath.standard(for: long) }
    }

    @Test("S6: the root itself is never a volume")
    func root() {
        #expect(throws: PathError.self) { try VolumePath(components: [String]()) }
    }
}
