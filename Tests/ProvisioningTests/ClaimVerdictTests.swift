import Kubernetes
import NFS
import Provisioning
import Testing

@Suite("What to do with a claim (C1–C10, N1, N4, P3)")
struct ClaimVerdictTests {
    static let settings: ProvisionerSettings = {
        var settings = ProvisionerSettings()
        settings.export = ExportPath("nas1:/srv/k8s")
        settings.additionalProvisionerNames = ["old.example.com/nfs"]
        return settings
    }()

    static func claim(_ change: (inout PersistentVolumeClaim) -> Void = { _ in }) -> PersistentVolumeClaim {
        var claim = PersistentVolumeClaim(
            metadata: ObjectMeta(
                name: "db",
                namespace: "clinic",
                uid: "u1",
                resourceVersion: "7",
                annotations: [AnnotationKey.betaStorageProvisioner: settings.provisionerName]
            ),
            spec: PersistentVolumeClaim.Spec(
                accessModes: [.readWriteOnce],
                resources: PersistentVolumeClaim.Resources(requests: ["storage": Quantity(rawValue: "5Gi")]),
                storageClassName: "standard"
            ),
            status: PersistentVolumeClaim.Status(phase: .pending)
        )
        change(&claim)
        return claim
    }

    static func storageClass(_ change: (inout StorageClass) -> Void = { _ in }) -> StorageClass {
        var storageClass = StorageClass(
            metadata: ObjectMeta(name: "standard"),
            provisioner: settings.provisionerName,
            reclaimPolicy: .delete
        )
        change(&storageClass)
        return storageClass
    }

    static func verdict(
        _ claim: PersistentVolumeClaim = claim(),
        _ storageClass: StorageClass? = storageClass(),
        volume: PersistentVolume? = nil,
        settings: ProvisionerSettings = settings
    ) -> ClaimVerdict {
        ClaimVerdict(on: claim, storageClass: storageClass, volume: volume, settings: settings)
    }

    struct Ignored: Sendable, CustomTestStringConvertible {
        let rule: String
        let change: @Sendable (inout PersistentVolumeClaim) -> Void
        var testDescription: String { rule }
    }

    @Test(
        "Not ours, or nothing to do",
        arguments: [
            Ignored(rule: "C1: bound to a volume") { $0.spec?.volumeName = "pv" },
            Ignored(rule: "C1: phase Bound") { $0.status?.phase = .bound },
            Ignored(rule: "C1: phase Lost") { $0.status?.phase = .lost },
            Ignored(rule: "C1: being deleted") { $0.metadata.deletionTimestamp = Timestamp(seconds: 1) },
            Ignored(rule: "C2: no provisioner chosen") { $0.metadata.annotations = nil },
            Ignored(rule: "C2: another's") { $0.metadata.annotations?[AnnotationKey.betaStorageProvisioner] = "other" },
            Ignored(rule: "C2: the new annotation goes before the beta one") {
                $0.metadata.annotations?[AnnotationKey.storageProvisioner] = "other"
            },
        ]
    )
    func ignored(row: Ignored) {
        #expect(Self.verdict(Self.claim(row.change)) == .ignore)
    }

    @Test("C2: the class is another provisioner's")
    func foreignClass() {
        #expect(Self.verdict(Self.claim(), Self.storageClass { $0.provisioner = "other" }) == .ignore)
    }

    @Test("C3: the class is missing: wait, and say so")
    func missingClass() {
        guard case .wait(let reason?) = Self.verdict(Self.claim(), nil) else {
            Issue.record("not told to wait")
            return
        }
        #expect(reason.contains("\"standard\" not found"))
    }

    @Test("C4: wait silently until a node is selected")
    func waitForFirstConsumer() {
        let waiting = Self.storageClass { $0.volumeBindingMode = .waitForFirstConsumer }
        #expect(Self.verdict(Self.claim(), waiting) == .wait(reason: nil))
        let empty = Self.claim { $0.metadata.annotations?[AnnotationKey.selectedNode] = "" }
        #expect(Self.verdict(empty, waiting) == .wait(reason: nil))
        let selected = Self.claim { $0.metadata.annotations?[AnnotationKey.selectedNode] = "node-1" }
        #expect(Self.verdict(selected, waiting).plan != nil)
    }

    struct Rejected: Sendable, CustomTestStringConvertible {
        let rule: String
        let words: String
        let change: @Sendable (inout PersistentVolumeClaim) -> Void
        var testDescription: String { rule }
    }

    @Test(
        "Rejected until the claim changes",
        arguments: [
            Rejected(
                rule: "C5",
                words: "nfs.smart-bear.eu/sb-managed-nfs does not support block volume provisioning"
            ) { $0.spec?.volumeMode = .block },
            Rejected(rule: "C6", words: "claim Selector is not supported") {
                $0.spec?.selector = LabelSelector(matchLabels: ["tier": "fast"])
            },
            Rejected(rule: "C6", words: "remove volumeAttributesClassName from the claim") {
                $0.spec?.volumeAttributesClassName = "gold"
            },
            Rejected(rule: "C7", words: "does not give an empty one") {
                $0.spec?.dataSource = TypedObjectReference(kind: "PersistentVolumeClaim", name: "other")
            },
            Rejected(rule: "C7: a snapshot", words: "does not give an empty one") {
                $0.spec?.dataSourceRef = TypedObjectReference(kind: "VolumeSnapshot", name: "other")
            },
        ]
    )
    func rejected(row: Rejected) {
        guard case .reject(let reason) = Self.verdict(Self.claim(row.change)) else {
            Issue.record("not rejected")
            return
        }
        #expect(reason.contains(row.words))
    }

    @Test("C7: a claim with another component's data source is left to it")
    func populator() {
        let claim = Self.claim { $0.spec?.dataSourceRef = TypedObjectReference(kind: "Book", name: "x") }
        #expect(Self.verdict(claim) == .leave(reason: "Assuming an external populator will provision the volume"))
    }

    @Test("C10: a volume of that name exists: ours ends the work, another's is an error")
    func existingVolume() {
        let ours = PersistentVolume(
            metadata: ObjectMeta(name: "pvc-u1"),
            spec: PersistentVolume.Spec(claimRef: Self.claim().reference)
        )
        #expect(Self.verdict(volume: ours) == .ignore)
        var foreign = ours
        foreign.spec?.claimRef?.uid = "u2"
        guard case .reject(let reason) = Self.verdict(volume: foreign) else {
            Issue.record("not rejected")
            return
        }
        #expect(reason.contains("pvc-u1 exists and belongs to clinic/db"))
    }

    @Test("P3: neither the class nor the controller has an export")
    func noExport() {
        var settings = Self.settings
        settings.export = nil
        guard case .reject(let reason) = Self.verdict(settings: settings) else {
            Issue.record("not rejected")
            return
        }
        #expect(reason.contains("set NFS_SERVER and NFS_PATH"))
    }

    @Test("N3, V1–V3: the volume that is planned")
    func plan() throws {
        let plan = try #require(Self.verdict(Self.claim(), Self.storageClass { $0.mountOptions = ["hard"] }).plan)
        #expect(plan.path.description == "clinic-db-pvc-u1")
        #expect(plan.share.export.description == "nas1:/srv/k8s")
        #expect(plan.volume.metadata.name == "pvc-u1")
        #expect(plan.volume.metadata.finalizers == [FinalizerName.provisioner])
        #expect(plan.volume.metadata.annotations?[AnnotationKey.provisionedBy] == Self.settings.provisionerName)
        #expect(
            plan.volume.spec
                == PersistentVolume.Spec(
                    capacity: ["storage": Quantity(rawValue: "5Gi")],
                    accessModes: [.readWriteOnce],
                    nfs: PersistentVolume.NFSSource(server: "nas1", path: "/srv/k8s/clinic-db-pvc-u1"),
                    claimRef: Self.claim().reference,
                    persistentVolumeReclaimPolicy: .delete,
                    storageClassName: "standard",
                    mountOptions: ["hard"],
                    volumeMode: .filesystem
                )
        )
    }

    @Test("V3: no finalizer by setting, nor where the policy keeps the volume anyway")
    func finalizer() throws {
        var settings = Self.settings
        settings.addsFinalizer = false
        #expect(try #require(Self.verdict(settings: settings).plan).volume.metadata.finalizers == nil)
        let retained = Self.storageClass { $0.reclaimPolicy = .retain }
        #expect(try #require(Self.verdict(Self.claim(), retained).plan).volume.metadata.finalizers == nil)
    }

    @Test("N1, V2: a class under a further name is served, and its volumes carry that name")
    func additionalName() throws {
        let claim = Self.claim {
            $0.metadata.annotations?[AnnotationKey.betaStorageProvisioner] = "old.example.com/nfs"
        }
        let plan = try #require(Self.verdict(claim, Self.storageClass { $0.provisioner = "old.example.com/nfs" }).plan)
        #expect(plan.volume.metadata.annotations?[AnnotationKey.provisionedBy] == "old.example.com/nfs")
    }

    @Test("N4: the beta annotation names the class before the spec does")
    func betaClass() {
        #expect(Self.claim { $0.metadata.annotations?[AnnotationKey.betaStorageClass] = "beta" }.className == "beta")
        #expect(Self.claim().className == "standard")
    }

    @Test("P3, P6: a class with an export of its own is talked to by its own mount options, others by the controller's")
    func mountOptions() throws {
        var settings = Self.settings
        settings.mountOptions = ["port=1"]
        let own = Self.storageClass {
            $0.parameters = ["server": "nas2", "share": "/x"]
            $0.mountOptions = ["port=2", "noatime"]
        }
        #expect(try #require(Self.verdict(Self.claim(), own, settings: settings).plan).share.options.port == 2)
        let standard = Self.storageClass { $0.mountOptions = ["port=2"] }
        #expect(try #require(Self.verdict(Self.claim(), standard, settings: settings).plan).share.options.port == 1)
        let kubelets = ["nfsvers=4.1,sec=krb5p", "proto=rdma", "xprtsec=tls", "nconnect=8", "retrans=20", "timeo=x"]
        let other = Self.storageClass {
            $0.parameters = own.parameters
            $0.mountOptions = kubelets
        }
        let plan = try #require(Self.verdict(Self.claim(), other).plan)
        #expect(plan.share.options == ConnectionOptions() && plan.volume.spec?.mountOptions == kubelets)
    }
}

extension ClaimVerdict {
    var plan: ProvisioningPlan? {
        if case .provision(let plan) = self { plan } else { nil }
    }
}
