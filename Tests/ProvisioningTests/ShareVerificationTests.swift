import Kubernetes
import NFS
import Testing

@testable import Provisioning

@Suite("A share compared with its records and the cluster")
struct ShareVerificationTests {
    /// A share, and what is expected to be found on it, as `level kind subject`.
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let contents: ShareContents
        let findings: Set<String>

        init(_ rule: String, _ findings: Set<String>, _ change: (inout ShareContents) throws -> Void) rethrows {
            testDescription = rule
            var contents = ShareContents()
            try change(&contents)
            self.contents = contents
            self.findings = findings
        }
    }

    static let volumes: [Row] = [
        Row("A volume with its record and directory is in order", []) { $0.addVolume("v", at: "ns-c-v") },
        Row("A volume's directory is gone", ["problem missingVolume v"]) {
            $0.addVolume("v", at: "ns-c-v")
            $0.places["ns-c-v"] = nil
        },
        Row("Another directory is in its place", ["problem replacedVolume v"]) {
            $0.addVolume("v", at: "ns-c-v", fileID: 7)
            $0.places["ns-c-v"] = .directory(fileID: 8)
        },
        Row("A link is in its place", ["problem replacedVolume v"]) {
            $0.addVolume("v", at: "ns-c-v")
            $0.places["ns-c-v"] = .obstructed(reason: "it is a symbolic link")
        },
        Row("A volume without a record is another provisioner's", ["info unrecordedVolume v"]) {
            $0.addVolume("v", at: "ns-c-v")
            $0.volumes = [:]
        },
        Row("It must have its directory all the same", ["info unrecordedVolume v", "problem missingVolume v"]) {
            $0.addVolume("v", at: "ns-c-v")
            $0.volumes = [:]
            $0.places = [:]
        },
        Row("A volume that somebody made by hand is not ours to judge, and its directory no orphan", []) {
            $0.addVolume("v", at: "static", isOurs: false)
            $0.volumes = [:]
        },
        Row("A record without a volume and an archive, never released", ["problem abandonedVolume v"]) {
            $0.addVolume("v", at: "ns-c-v", inCluster: false)
        },
        Row("One so young may be on its way", []) {
            $0.addVolume("v", at: "ns-c-v", inCluster: false)
            $0.volumes["v"]?.createdAt = ShareContents.now
        },
        Row("Nor is a volume judged that changes while the share is read", []) {
            $0.addVolume("v", at: "ns-c-v", inCluster: false)
            $0.places["ns-c-v"] = nil
            $0.names = ["v"]
        },
        Row("Released and retained: it stays", ["info retainedVolume v"]) {
            $0.addVolume("v", at: "ns-c-v", inCluster: false)
            $0.volumes["v"]?.release = .init(action: .retain, at: ShareContents.old)
        },
        Row("Retained, and its directory gone since", ["info leftoverRecord v"]) {
            $0.addVolume("v", at: "ns-c-v", inCluster: false)
            $0.volumes["v"]?.release = .init(action: .retain, at: ShareContents.old)
            $0.places["ns-c-v"] = .absent
        },
        Row("Deleted, and its record left by a controller that was killed", ["info leftoverRecord v"]) {
            $0.addVolume("v", at: "ns-c-v", inCluster: false)
            $0.volumes["v"]?.release = .init(action: .delete, at: ShareContents.old)
            $0.places["ns-c-v"] = nil
        },
        Row("Its directory was never made", ["info leftoverRecord v"]) {
            $0.addVolume("v", at: "ns-c-v", inCluster: false)
            $0.volumes["v"]?.directory = nil
            $0.places["ns-c-v"] = nil
        },
        Row(
            "Another cluster's records are counted, and their directories looked for",
            [
                "info otherCluster 2", "problem missingVolume b",
            ]
        ) {
            for name in ["a", "b"] {
                $0.addVolume(name, at: "ns-c-\(name)", inCluster: false)
                $0.volumes[name]?.cluster = "other"
            }
            $0.places["ns-c-b"] = nil
        },
        Row("A path that climbs is none", ["problem unreadableRecord volumes/v"]) {
            $0.addVolume("v", at: "ns-c-v")
            $0.volumes["v"]?.path = "../outside"
        },
        Row("What lies two levels deep has a folder above it, which is no orphan", []) {
            $0.addVolume("v", at: "ns/c")
        },
    ]

    static let archives: [Row] = [
        Row("An archive with its record is in order", []) { $0.addArchive("v") },
        Row("Its volume's record, and the volume, may still be there", []) {
            $0.addVolume("v", at: "ns-c-v")
            $0.addArchive("v")
            $0.places["ns-c-v"] = nil
        },
        Row("The volume's record was left by a controller that was killed", ["info leftoverRecord v"]) {
            $0.addVolume("v", at: "ns-c-v", inCluster: false)
            $0.addArchive("v")
            $0.places["ns-c-v"] = nil
        },
        Row("An archive's directory is gone", ["problem missingArchive v"]) {
            $0.addArchive("v")
            $0.places = [:]
        },
        Row("Another directory is in its place", ["problem replacedArchive v"]) {
            $0.addArchive("v")
            $0.places["archived-v"] = .directory(fileID: 1)
        },
        Row("An archive that is being made is where it was", []) {
            $0.addVolume("v", at: "ns-c-v")
            $0.addArchive("v", state: .intent, from: "ns-c-v")
            $0.places["archived-v"] = nil
            $0.places["ns-c-v"] = .directory(fileID: ShareContents.fileID(of: "v"))
        },
        Row("One whose volume is gone is not ended by anybody", ["problem unfinishedArchive v"]) {
            $0.addArchive("v", state: .intent)
        },
        Row("What was purged or restored has no directory any more", []) {
            $0.addArchive("p", state: .purged)
            $0.addArchive("r", state: .restored)
            $0.places = [:]
        },
        Row("An archive on its way into a volume is in its own place until it is in the volume's", []) {
            $0.addRestore("v", of: "a", requestedAt: ShareContents.now)
        },
        Row("One on its way for long, whose volume is not there", ["problem unfinishedArchive a"]) {
            $0.addRestore("v", of: "a", requestedAt: ShareContents.old)
        },
        Row("A volume that became of an archive is a volume, and must have its directory", ["problem missingVolume v"])
        {
            $0.addRestore("v", of: "a", requestedAt: ShareContents.old)
            $0.archives["a"]?.state = .restored
            $0.places = [:]
        },
        Row("A copy that is being made is no missing volume", ["info staging v"]) {
            $0.addArchive("a")
            $0.addVolume("v", at: "ns-c-v", inCluster: false)
            $0.volumes["v"]?.restoredFrom = RestoreRequest(archive: "a", mode: .copy)
            $0.places["ns-c-v"] = nil
            $0.staging = ["v"]
        },
        Row("Two records of one directory", ["problem sharedArchive archived-v", "problem replacedArchive w"]) {
            $0.addArchive("v")
            $0.addArchive("w")
            $0.archives["w"]?.to = "archived-v"
            $0.places["archived-w"] = nil
        },
        Row("A directory named like an archive without a record", ["info foreignArchive archieved-x"]) {
            $0.places["archieved-x"] = .directory(fileID: 1)
        },
        Row("An archive's name that climbs is none", ["problem unreadableRecord archives/v"]) {
            $0.addArchive("v")
            $0.archives["v"]?.to = "../v"
            $0.places = [:]
        },
    ]

    static let others: [Row] = [
        Row("A directory that nothing speaks of; what file systems keep for themselves is none", ["problem orphan x"]) {
            $0.places["x"] = .directory(fileID: 1)
            $0.places["lost+found"] = .directory(fileID: 2)
        },
        Row("What NAS systems and desktops keep in an export is none", []) {
            for name in ["#recycle", "@eaDir", ".Trash-1000", "System Volume Information", "#snapshot", "~snapshot"] {
                $0.places[name] = .directory(fileID: 1)
            }
        },
        Row(
            "Another export, and copies, are no problem; what the settings explain is not named at all",
            ["info orphan below", "info orphan copies"]
        ) {
            for name in ["below", "copies", "backup"] { $0.places[name] = .directory(fileID: 1) }
            ($0.unexplained["below"], $0.unexplained["copies"]) = (.export, .copies)
            $0.others = ["backup"]
        },
        Row(
            "Nor is the empty directory of a volume whose record cannot be read",
            ["problem unreadableRecord volumes/broken"]
        ) {
            $0.flawedVolumes = [.unreadable(name: "broken", reason: "r")]
            $0.places["ns-c-broken"] = .directory(fileID: 3)
            $0.unexplained["ns-c-broken"] = .noFiles
        },
        Row("Folders without a file are no problem: a path pattern made them", ["info orphan ns"]) {
            $0.places["ns"] = .directory(fileID: 1)
            $0.unexplained["ns"] = .noFiles
        },
        Row(
            "Without the cluster nobody can tell whether a volume needs it",
            [
                "info orphan x", "info clusterNotAsked cluster",
            ]
        ) {
            $0.places["x"] = .directory(fileID: 1)
            $0.hasCluster = false
        },
        Row(
            "A record that cannot be read hides no other, and its directory is no orphan",
            [
                "problem unreadableRecord volumes/broken", "problem missingVolume v",
            ]
        ) {
            $0.addVolume("v", at: "ns-c-v")
            $0.places["ns-c-v"] = nil
            $0.flawedVolumes = [.unreadable(name: "broken", reason: "r")]
            $0.places["ns-c-broken"] = .directory(fileID: 3)
        },
        Row("A record in the file of another is said, and counts", ["problem misnamedRecord volumes/copy"]) {
            $0.addVolume("v", at: "ns-c-v")
            $0.flawedVolumes = $0.volumes["v"].map { [.misnamed($0, name: "copy", reason: "r")] } ?? []
        },
        Row("What nobody goes on deleting", ["problem trash gone", "info trash going"]) {
            $0.trash = ["gone", "going"]
            $0.names = ["going"]
        },
        Row("A purge that was interrupted right after its move", ["problem trash moved"]) {
            $0.addArchive("moved")
            $0.places["archived-moved"] = nil
            $0.trash = ["moved"]
        },
        Row("A restore that was interrupted right after its move", ["problem unfinishedArchive taken"]) {
            $0.addRestore("v", of: "taken", requestedAt: ShareContents.old)
            $0.archives["taken"]?.state = .archived
            $0.archives["taken"]?.restore = nil
            $0.places["ns-c-v"] = $0.places["archived-taken"]
            $0.places["archived-taken"] = nil
        },
        Row("A purge, interrupted or under way", ["problem trash old", "info trash new"]) {
            for (name, time) in [("old", ShareContents.old), ("new", ShareContents.now)] {
                $0.addArchive(name, state: .purging)
                $0.archives[name]?.purge = .init(reason: "r", requestedAt: time)
            }
            $0.places = [:]
            $0.trash = ["old", "new"]
        },
        Row("A write that was cut short", ["info temporaryFile volumes/.tmp-1"]) {
            $0.temporaries = ["volumes/.tmp-1"]
        },
    ]

    @Test("Findings", arguments: volumes + archives + others)
    func found(row: Row) {
        let findings = row.contents.verification.findings
        #expect(Set(findings.map { "\($0.level) \($0.kind) \($0.subject)" }) == row.findings)
        #expect(findings.count == row.findings.count)
        let firstInfo = findings.firstIndex { $0.level == .info } ?? findings.endIndex
        #expect(findings[firstInfo...].allSatisfy { $0.level == .info })
    }

    @Test("Measured: every volume and archive that is in its place")
    func trees() {
        var contents = ShareContents()
        contents.addVolume("v", at: "ns/c")
        contents.addVolume("unrecorded", at: "u")
        contents.volumes["unrecorded"] = nil
        contents.addVolume("gone", at: "gone")
        contents.places["gone"] = .absent
        contents.addArchive("a")
        let trees = contents.verification.trees.map { "\($0.kind) \($0.name) \($0.path)" }
        #expect(trees == ["archive a archived-a", "volume unrecorded u", "volume v ns/c"])
    }
}
