import Kubernetes
import Provisioning
import Testing

@testable import Commands

@Suite("doctor: checks of classes")
struct DoctorClassTests {
    private static let settings = {
        var settings = ProvisionerSettings()
        settings.provisionerName = "example.com/nfs"
        settings.export = ExportPath("nas1:/srv")
        return settings
    }()

    private static func storageClass(
        _ parameters: [String: String] = [:],
        named name: String = "nfs",
        provisioner: String = settings.provisionerName,
        policy: ReclaimPolicy = .delete,
        mountOptions: [String]? = nil,
        isDefault: Bool = false
    ) -> StorageClass {
        let annotations = isDefault ? ["storageclass.kubernetes.io/is-default-class": "true"] : [:]
        return StorageClass(
            metadata: ObjectMeta(name: name, annotations: annotations),
            provisioner: provisioner,
            parameters: parameters,
            reclaimPolicy: policy,
            mountOptions: mountOptions
        )
    }

    private static func checks(
        _ classes: [StorageClass],
        settings: ProvisionerSettings = settings,
        minor: String = "30"
    ) -> [Check] {
        let version = ServerVersion(major: "1", minor: minor, gitVersion: "v1.\(minor).0")
        return ClassVerdict(classes: classes, settings: settings, version: version).checks
    }

    @Test(
        "A class is well, has ignored parameters, or serves no claim",
        arguments: [
            (storageClass(), Check.Result.ok, "data is archived"),
            (storageClass(["onDelete": "delete"]), .ok, "data is deleted"),
            (storageClass(policy: .retain), .ok, "volumes and their data stay"),
            (
                storageClass(["onDelete": "archive"], policy: .retain), .warning,
                "onDelete: archive has no effect"
            ),
            (storageClass(["paht": "x"]), .warning, "are ignored: paht"),
            (storageClass(["onDelete": "Archive"]), .failed, "use delete, retain or archive"),
            (storageClass(["server": "nas2"]), .failed, "absolute path that nas2 exports"),
            (storageClass(["server": "nas2", "share": "/x"], mountOptions: ["nfsvers=4.1"]), .ok, "data is archived"),
            (storageClass(mountOptions: ["nfsver=3"]), .warning, "\"nfsver=3\" is no option of nfs(5)"),
        ]
    )
    func usable(storageClass: StorageClass, result: Check.Result, words: String) throws {
        let check = try #require(Self.checks([storageClass]).first { $0.id == .classUsable })
        #expect(check.result == result && check.sentence.contains(words), "\(check)")
        #expect(check.subject == "nfs")
    }

    @Test("The remedy for mount options is to change them, which the API server allows; for parameters it is not")
    func remedies() throws {
        for (storageClass, result, remedy) in [
            (Self.storageClass(mountOptions: ["nfsvers 3"]), Check.Result.warning, "kubectl edit storageclass nfs"),
            (Self.storageClass(["onDelete": "Archive"]), .failed, "delete and recreate the class"),
        ] {
            let check = try #require(Self.checks([storageClass]).first { $0.id == .classUsable })
            #expect(check.result == result && check.remedy?.contains(remedy) == true, "\(check)")
        }
    }

    @Test("A class without an export fails where the controller has none either")
    func noExport() {
        var settings = Self.settings
        settings.export = nil
        let check = Self.checks([Self.storageClass()], settings: settings).first { $0.id == .classUsable }
        #expect(check?.result == .failed && check?.sentence.contains("NFS_SERVER") == true)
    }

    @Test("No class of ours is a failure that names the provisioners there are; others' parameters are not checked")
    func present() {
        #expect(Self.checks([]).first?.sentence.contains("there are no classes") == true)
        let other = Self.storageClass(["onDelete": "x"], named: "ebs", provisioner: "ebs.csi.aws.com")
        let checks = Self.checks([other])
        #expect(checks.first?.result == .failed && checks.first?.sentence.contains("ebs has ebs.csi.aws.com") == true)
        #expect(!checks.map(\.id).contains(.classUsable))
        var settings = Self.settings
        settings.additionalProvisionerNames = ["old.example.com/nfs"]
        let old = Self.storageClass(named: "old", provisioner: "old.example.com/nfs")
        #expect(Self.checks([old], settings: settings).first?.result == .ok)
    }

    @Test(
        "One class is the default; none, and several, are a warning",
        arguments: [
            ([], "30", Check.Result.warning, "stay Pending"), (["a"], "30", .ok, "a is the default, which is ours"),
            (["a", "b"], "26", .warning, "a, b are all the default: claims that name none get the newest"),
            (["a", "b"], "25", .warning, "are refused"),
        ]
    )
    func defaults(names: [String], minor: String, result: Check.Result, words: String) throws {
        let classes = names.map { Self.storageClass(named: $0, isDefault: true) } + [Self.storageClass(named: "other")]
        let check = try #require(Self.checks(classes, minor: minor).last)
        #expect(check.id == .defaultClass && check.result == result && check.sentence.contains(words), "\(check)")
    }
}
