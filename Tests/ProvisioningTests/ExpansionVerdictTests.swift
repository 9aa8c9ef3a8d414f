import Kubernetes
import Testing

@testable import Provisioning

@Suite("E1, E2: whether a claim's volume is expanded")
struct ExpansionVerdictTests {
    private struct Scene {
        var claim: PersistentVolumeClaim
        var volume: PersistentVolume
        var storageClass: StorageClass

        var verdict: ExpansionVerdict {
            ExpansionVerdict(
                on: claim,
                volume: volume,
                classes: [storageClass],
                settings: ClaimVerdictTests.settings
            )
        }
    }

    private static func scene(_ change: (inout Scene) -> Void = { _ in }) -> Scene {
        var claim = ClaimVerdictTests.claim()
        claim.spec?.volumeName = "pvc-u1"
        claim.status = PersistentVolumeClaim.Status(phase: .bound, capacity: ["storage": Quantity(rawValue: "1Gi")])
        var scene = Scene(
            claim: claim,
            volume: volume("pvc-u1", at: "/srv/k8s/a", "1Gi", claim: claim),
            storageClass: ClaimVerdictTests.storageClass { $0.allowVolumeExpansion = true }
        )
        change(&scene)
        return scene
    }

    private static func volume(
        _ name: String,
        at path: String,
        _ size: String,
        claim: PersistentVolumeClaim? = nil
    ) -> PersistentVolume {
        PersistentVolume(
            metadata: ObjectMeta(
                name: name,
                annotations: [AnnotationKey.provisionedBy: ClaimVerdictTests.settings.provisionerName]
            ),
            spec: PersistentVolume.Spec(
                capacity: ["storage": Quantity(rawValue: size)],
                nfs: PersistentVolume.NFSSource(server: "nas1", path: path),
                claimRef: claim?.reference
            )
        )
    }

    @Test func aClassOfAnotherProvisionerAllowsNothing() {
        guard case .refuse(let reason) = Self.scene({ $0.storageClass.provisioner = "other" }).verdict else {
            Issue.record("not refused")
            return
        }
        #expect(reason.contains("is gone or belongs to another provisioner"))
    }

    @Test func aLargerRequestIsAPlan() throws {
        guard case .expand(let plan) = Self.scene().verdict else {
            Issue.record("no plan")
            return
        }
        #expect(plan.size == Quantity(rawValue: "5Gi"))
        #expect(!plan.volumeIsLargeEnough)
        #expect(plan.share.export == ExportPath("nas1:/srv/k8s"))
    }

    @Test func aVolumeThatIsLargerAlreadyIsWhatTheClaimGets() throws {
        let scene = Self.scene { $0.volume.spec?.capacity = ["storage": Quantity(rawValue: "7Gi")] }
        guard case .expand(let plan) = scene.verdict else {
            Issue.record("no plan")
            return
        }
        #expect(plan.size == Quantity(rawValue: "7Gi"))
        #expect(plan.volumeIsLargeEnough)
    }

    @Test func nobodyAsksOrTheVolumeIsNotOurs() {
        let changes: [(inout Scene) -> Void] = [
            { $0.claim.status?.capacity = ["storage": Quantity(rawValue: "5120Mi")] },
            { $0.claim.status?.capacity = nil },
            { $0.claim.status?.phase = .pending },
            { $0.claim.metadata.deletionTimestamp = .now },
            { $0.volume.spec?.claimRef?.uid = "another" },
            { $0.volume.metadata.annotations = [:] },
            { $0.volume.spec?.nfs = nil },
        ]
        for change in changes { #expect(Self.scene(change).verdict == .ignore) }
    }

    @Test func aClassThatDoesNotAllowItIsNamed() {
        let refusals: [((inout Scene) -> Void, String)] = [
            ({ $0.storageClass.allowVolumeExpansion = nil }, "set allowVolumeExpansion"),
            ({ $0.storageClass.metadata.name = "other" }, "\"standard\" is gone"),
            ({ $0.volume.spec?.nfs?.server = "elsewhere" }, "on no configured export"),
        ]
        for (change, words) in refusals {
            guard case .refuse(let reason) = Self.scene(change).verdict else {
                Issue.record("not refused: \(words)")
                continue
            }
            #expect(reason.contains(words))
        }
    }

    @Test("E2: every volume on the export counts, and the one to expand with its new size")
    func commitment() throws {
        guard case .expand(let plan) = Self.scene().verdict else { throw PlanError(reason: "no plan") }
        let volumes = [
            plan.volume, Self.volume("b", at: "/srv/k8s/b", "2Gi"), Self.volume("c", at: "/srv/other/c", "100Gi"),
        ]
        let bytes = ExportCommitment.bytes(of: volumes, on: plan.share.export, after: plan)
        #expect(bytes == Double(7 << 30))
    }

    @Test("E2: two simultaneous expansions count each other: both do not pass if only one fits")
    func commitmentOfTwo() throws {
        guard case .expand(let plan) = Self.scene().verdict else { throw PlanError(reason: "no plan") }
        var other = plan
        other.volume = Self.volume("b", at: "/srv/k8s/b", "2Gi")
        let volumes = [plan.volume, other.volume]
        let promises = PromisedSizes()
        func isLet(_ plan: ExpansionPlan, upTo limit: Double) -> Bool {
            promises.take(plan) { others in
                ExportCommitment.bytes(of: volumes, on: plan.share.export, after: plan, and: others) <= limit
            }
        }
        // 5 GiB and 2 GiB, or 5 GiB twice.
        let limit = Double(9 << 30)
        #expect(isLet(plan, upTo: limit))
        #expect(!isLet(other, upTo: limit))
        promises.giveBack(plan)
        #expect(isLet(other, upTo: limit))
    }

    @Test func theConditionsOfAResizeGoFromTheEnd() {
        var claim = ClaimVerdictTests.claim()
        claim.status?.conditions = ["Resizing", "Other", "FileSystemResizePending"].map { .init(type: $0) }
        let patch = Patch.expanded(claim, to: Quantity(rawValue: "5Gi"))
        #expect(
            patch
                == .json([
                    .test(path: "/metadata/uid", value: "u1"),
                    .add(path: "/status/capacity/storage", value: "5Gi"),
                    .test(path: "/status/conditions/2/type", value: "FileSystemResizePending"),
                    .remove(path: "/status/conditions/2"),
                    .test(path: "/status/conditions/0/type", value: "Resizing"),
                    .remove(path: "/status/conditions/0"),
                ])
        )
    }
}
