import Kubernetes
import Provisioning
import Testing

@Suite("R1, R2, R12, P5, S6: what to do with a volume")
struct VolumeVerdictTests {
    static let settings = ClaimVerdictTests.settings

    static func volume(
        path: String = "/srv/k8s/clinic-db-pvc-u1",
        _ change: (inout PersistentVolume) -> Void = { _ in }
    ) -> PersistentVolume {
        var volume = PersistentVolume(
            metadata: ObjectMeta(
                name: "pvc-u1",
                uid: "v1",
                annotations: [AnnotationKey.provisionedBy: settings.provisionerName],
                finalizers: [FinalizerName.provisioner, "kubernetes.io/pv-protection"]
            ),
            spec: PersistentVolume.Spec(
                nfs: PersistentVolume.NFSSource(server: "nas1", path: path),
                claimRef: ObjectReference(namespace: "clinic", name: "db", uid: "u1"),
                persistentVolumeReclaimPolicy: .delete,
                storageClassName: "standard"
            ),
            status: PersistentVolume.Status(phase: .released)
        )
        change(&volume)
        return volume
    }

    static func verdict(
        _ volume: PersistentVolume,
        classes: [StorageClass] = [ClaimVerdictTests.storageClass()],
        settings: ProvisionerSettings = settings
    ) -> VolumeVerdict {
        VolumeVerdict(on: volume, classes: classes, settings: settings)
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let rule: String
        let verdict: VolumeVerdict
        let change: @Sendable (inout PersistentVolume) -> Void
        var testDescription: String { rule }
    }

    @Test(
        "Volumes that are left alone",
        arguments: [
            Row(rule: "R1: another's", verdict: .ignore) {
                $0.metadata.annotations?[AnnotationKey.provisionedBy] = "other"
            },
            Row(rule: "R1: nobody's", verdict: .ignore) { $0.metadata.annotations = nil },
            Row(rule: "R1: Available", verdict: .ignore) { $0.status?.phase = .available },
            Row(rule: "R1: Bound", verdict: .ignore) { $0.status?.phase = .bound },
            Row(rule: "R1: Failed", verdict: .ignore) { $0.status?.phase = .failed },
            Row(rule: "R1: no phase yet", verdict: .ignore) { $0.status = nil },
            Row(rule: "R2: deleted while Bound", verdict: .ignore) {
                $0.status?.phase = .bound
                $0.metadata.deletionTimestamp = Timestamp(seconds: 1)
            },
            Row(rule: "R1: an admin cleared its claim to make it Available", verdict: .ignore) {
                $0.spec?.claimRef = nil
            },
            Row(rule: "V3: made by us, in use, and without the finalizer", verdict: .protect) {
                $0.status?.phase = .bound
                $0.metadata.finalizers = ["kubernetes.io/pv-protection"]
                $0.metadata.annotations?[AnnotationKey.share] = "/srv/k8s"
            },
            Row(rule: "V3: made by another provisioner, which would never take the finalizer off", verdict: .ignore) {
                $0.status?.phase = .bound
                $0.metadata.finalizers = ["kubernetes.io/pv-protection"]
            },
            Row(rule: "Deleted, and our finalizer is off", verdict: .ignore) {
                $0.metadata.deletionTimestamp = Timestamp(seconds: 1)
                $0.metadata.finalizers = ["kubernetes.io/pv-protection"]
            },
            Row(rule: "R1: Retain", verdict: .ignore) {
                $0.spec?.persistentVolumeReclaimPolicy = .retain
                $0.metadata.finalizers = nil
            },
            Row(rule: "R1: changed to Retain: only our finalizer comes off", verdict: .letGo) {
                $0.spec?.persistentVolumeReclaimPolicy = .retain
            },
        ]
    )
    func handsOff(row: Row) {
        #expect(Self.verdict(Self.volume(row.change)) == row.verdict)
    }

    @Test("T4: with finalizers turned off, those on volumes in use are removed, but not from one being deleted")
    func unprotected() {
        var settings = Self.settings
        settings.addsFinalizer = false
        let volume = Self.volume {
            $0.status?.phase = .bound
            $0.metadata.annotations?[AnnotationKey.share] = "/srv/k8s"
        }
        #expect(Self.verdict(volume, settings: settings) == .letGo)
        var leaving = volume
        leaving.metadata.deletionTimestamp = Timestamp(seconds: 1)
        #expect(Self.verdict(leaving, settings: settings) == .ignore)
        var foreign = volume
        foreign.metadata.annotations?[AnnotationKey.share] = nil
        #expect(Self.verdict(foreign, settings: settings) == .ignore)
    }

    @Test("R1, R2: our Released volume with Delete is reclaimed, also while being deleted, also after migration")
    func reclaimed() throws {
        #expect(try #require(Self.verdict(Self.volume()).plan).path.description == "clinic-db-pvc-u1")
        #expect(Self.verdict(Self.volume { $0.metadata.deletionTimestamp = Timestamp(seconds: 1) }).plan != nil)
        let migrated = Self.volume {
            $0.metadata.annotations = [
                AnnotationKey.provisionedBy: "other", AnnotationKey.migratedTo: Self.settings.provisionerName,
            ]
        }
        #expect(Self.verdict(migrated).plan != nil)
    }

    @Test(
        "P5: the live class decides, otherwise the decision is left open",
        arguments: [
            (["onDelete": "delete"], ReleaseAction.delete), (["archiveOnDelete": "false"], .delete),
            (["onDelete": "Delete"], nil), ([:], .archive),
            (["onDelete": "retain", "pathPattern": "${unreadable}"], .retain),
        ] as [([String: String], ReleaseAction?)]
    )
    func policy(parameters: [String: String], action: ReleaseAction?) throws {
        let storageClass = ClaimVerdictTests.storageClass { $0.parameters = parameters }
        #expect(try #require(Self.verdict(Self.volume(), classes: [storageClass]).plan).action == action)
    }

    @Test("P5: a missing class decides nothing")
    func classGone() throws {
        #expect(try #require(Self.verdict(Self.volume(), classes: []).plan).action == nil)
    }

    @Test("P5: a class of the same name that belongs to another provisioner decides nothing")
    func classOfAnother() throws {
        let foreign = ClaimVerdictTests.storageClass {
            $0.provisioner = "other"
            $0.parameters = ["onDelete": "delete", "backup": "none"]
        }
        let plan = try #require(Self.verdict(Self.volume(), classes: [foreign]).plan)
        #expect(plan.action == nil && plan.backup == nil)
        let former = ClaimVerdictTests.storageClass {
            $0.provisioner = Self.settings.additionalProvisionerNames[0]
            $0.parameters = ["onDelete": "delete", "backup": "required"]
        }
        let adopted = try #require(Self.verdict(Self.volume(), classes: [former]).plan)
        #expect(adopted.action == .delete && adopted.backup == .required)
    }

    @Test("B1: a class' requirement of a backup that cannot be read is the strictest")
    func unreadableBackup() throws {
        let storageClass = ClaimVerdictTests.storageClass { $0.parameters = ["onDelete": "delete", "backup": "yes"] }
        #expect(try #require(Self.verdict(Self.volume(), classes: [storageClass]).plan).backup == .required)
    }

    @Test(
        "R12, S6: refused volumes and their messages",
        arguments: [
            ("/srv/k8s", "export's root"), ("/srv/k8s/", "export's root"), ("/srv/other/x", "on no configured export"),
            ("/srv/k8s/../etc", "on no configured export"), ("/srv/k8s/.sb-nfs-provisioner/trash", "own folder"),
        ]
    )
    func refused(path: String, words: String) {
        guard case .refuse(let reason) = Self.verdict(Self.volume(path: path)) else {
            Issue.record("not refused")
            return
        }
        #expect(reason.contains(words) && reason.contains("nothing was touched"))
    }

    @Test("R12: another server with the same path, and a volume that is not an NFS volume")
    func foreign() {
        for change in [{ $0.spec?.nfs?.server = "nas9" }, { $0.spec?.nfs = nil }] as [(inout PersistentVolume) -> Void]
        {
            guard case .refuse = Self.verdict(Self.volume(change)) else {
                Issue.record("not refused")
                continue
            }
        }
    }

    @Test("R12: of exports within each other the volume's own annotation chooses, else the innermost")
    func nestedExports() throws {
        let inner = ClaimVerdictTests.storageClass {
            $0.metadata.name = "inner"
            $0.parameters = ["server": "nas1", "share": "/srv/k8s/inner"]
        }
        let volume = Self.volume(path: "/srv/k8s/inner/x")
        #expect(try #require(Self.verdict(volume, classes: [inner]).plan).path.description == "x")
        let annotated = Self.volume(path: "/srv/k8s/inner/x") {
            $0.metadata.annotations?[AnnotationKey.share] = "/srv/k8s"
        }
        #expect(try #require(Self.verdict(annotated, classes: [inner]).plan).path.description == "inner/x")
    }
}

extension VolumeVerdict {
    var plan: ReclaimPlan? {
        if case .reclaim(let plan) = self { plan } else { nil }
    }
}
