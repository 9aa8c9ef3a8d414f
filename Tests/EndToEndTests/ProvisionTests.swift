import Foundation
import Kubernetes
import Provisioning
import TestBed
import Testing

@Suite("From claim to Bound, on a real control plane and a real share")
struct ProvisionTests {
    @Test(
        "N3, V1, V2, V3, V5: a claim of any access mode gets a directory, a volume and is bound",
        arguments: [AccessMode.readWriteOnce, .readOnlyMany, .readWriteMany]
    )
    func bound(mode: AccessMode) async throws {
        try await Scenario.run { scenario in
            let controller = try scenario.startController()
            let storageClass = try await scenario.createClass()
            try await scenario.createClaim("data", modes: [mode])

            let volume = try await scenario.boundVolume(of: "data")
            let claim = try await scenario.claim("data")
            let uid = try #require(claim.metadata.uid)
            #expect(volume.key.name == "pvc-\(uid)")
            let path = scenario.share.appending(path: "\(scenario.namespace)-data-pvc-\(uid)").path()
            #expect(volume.spec?.nfs == PersistentVolume.NFSSource(server: scenario.bed.nfsServer, path: path))
            #expect(volume.spec?.accessModes == [mode])
            #expect(volume.spec?.capacity == ["storage": Quantity(rawValue: "1Gi")])
            #expect(volume.spec?.persistentVolumeReclaimPolicy == .delete)
            #expect(volume.spec?.storageClassName == storageClass)
            #expect(volume.spec?.volumeMode == .filesystem)
            let reference = try #require(volume.spec?.claimRef)
            #expect(reference.apiVersion == "v1" && reference.kind == "PersistentVolumeClaim")
            #expect(reference.namespace == scenario.namespace && reference.name == "data" && reference.uid == uid)
            #expect(reference.resourceVersion?.isEmpty == false)
            #expect(volume.metadata.annotations?[AnnotationKey.provisionedBy] == scenario.provisioner)
            #expect(volume.metadata.finalizers?.contains(FinalizerName.provisioner) == true)
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.posixPermissions] as? Int == 0o777)
            withExtendedLifetime(controller) {}
        }
    }

    @Test("C11, N5: one event says that the claim is being provisioned and by whom, however many attempts there are")
    func events() async throws {
        try await Scenario.run { scenario in
            let limited = try await scenario.kubeconfig(without: "create")
            let changes = ["KUBECONFIG": limited, "ENABLE_LEADER_ELECTION": "false", "POD_NAME": "pod-1"]
            let controller = try scenario.startController(changes)
            let storageClass = try await scenario.createClass()
            try await scenario.createClaim("data")
            try await eventually("it has failed twice") {
                try await scenario.events("ProvisioningFailed", on: "data").contains { ($0.count ?? 0) >= 2 }
            }
            let failure = try #require(try await scenario.events("ProvisioningFailed", on: "data").first?.message)
            let words = "failed to provision volume with StorageClass \"\(storageClass)\": POST persistentvolumes"
            #expect(failure.hasPrefix(words))

            try await scenario.allow { _ in true }
            let volume = try await scenario.boundVolume(of: "data")
            try await scenario.expectEvent(
                "ProvisioningSucceeded",
                on: "data",
                saying: "Successfully provisioned volume \(volume.key)"
            )
            let begun = try await scenario.events("Provisioning", on: "data")
            let announcement = "External provisioner is provisioning volume for claim \"\(scenario.namespace)/data\""
            #expect(begun.map(\.message) == [announcement] && begun.first?.count == 1)
            #expect(begun.first?.source?.component?.hasPrefix("\(scenario.provisioner)_pod-1_") == true)
            #expect(try scenario.listing(scenario.share).count == 1)
            withExtendedLifetime(controller) {}
        }
    }

    @Test("C3: a claim whose class is missing says so, and is served when the class appears")
    func lateClass() async throws {
        try await Scenario.run { scenario in
            let controller = try scenario.startController()
            try await scenario.createClaim("data") {
                // The cluster names a provisioner only once the class is there; another may have been before.
                $0.metadata.annotations = [AnnotationKey.betaStorageProvisioner: scenario.provisioner]
            }
            try await scenario.expectEvent(
                "ProvisioningFailed",
                on: "data",
                saying: "create it to provision the claim"
            )
            try await scenario.createClass()
            _ = try await scenario.boundVolume(of: "data")
            withExtendedLifetime(controller) {}
        }
    }

    @Test("V3: the policy Retain removes the finalizer, and Delete adds it again; a setting turns it off")
    func finalizer() async throws {
        try await Scenario.run { scenario in
            let controller = try scenario.startController()
            try await scenario.createClass()
            try await scenario.createClaim("data")
            let volume = try await scenario.boundVolume(of: "data")
            for (policy, isProtected) in [("Retain", false), ("Delete", true)] {
                let patch: Patch = .merge(["spec": ["persistentVolumeReclaimPolicy": .string(policy)]])
                _ = try await scenario.admin.api(PersistentVolume.self).patch(volume.key, patch)
                try await eventually("policy \(policy): protected \(isProtected)") {
                    try await scenario.volume(volume.key.name)?.hasProvisionerFinalizer == isProtected
                }
            }
            controller.signal(SIGTERM)
            try await eventually("the controller has stopped") { !controller.isRunning }
            let second = try scenario.startController(["ADD_FINALIZER": "false"])
            try await scenario.createClaim("unprotected")
            #expect(try await scenario.boundVolume(of: "unprotected").hasProvisionerFinalizer == false)
            withExtendedLifetime(second) {}
        }
    }

    @Test("P3: two classes on two exports are served by one process; V5: mode, uid and gid are the class' own")
    func twoExports() async throws {
        try await Scenario.run { scenario in
            let controller = try scenario.startController()
            try await scenario.createClass()
            try await scenario.createClass(
                "other",
                on: scenario.otherShare.path(),
                parameters: ["mountPermissions": "2770", "uid": "1000", "gid": "2000"]
            )
            try await scenario.createClaim("here")
            try await scenario.createClaim("there", class: "other")

            let here = try await scenario.boundVolume(of: "here")
            let there = try await scenario.boundVolume(of: "there")
            #expect(try scenario.listing(scenario.share) == [scenario.directory(of: here).lastPathComponent])
            #expect(try scenario.listing(scenario.otherShare) == [scenario.directory(of: there).lastPathComponent])
            #expect(there.spec?.mountOptions == scenario.mountOptions)
            let attributes = try FileManager.default.attributesOfItem(atPath: scenario.directory(of: there).path())
            #expect(attributes[.posixPermissions] as? Int == 0o2770)
            #expect(attributes[.ownerAccountID] as? Int == 1000)
            #expect(attributes[.groupOwnerAccountID] as? Int == 2000)
            withExtendedLifetime(controller) {}
        }
    }

    @Test("P1: pathPattern says where the directory is; its parents are made")
    func pathPattern() async throws {
        try await Scenario.run { scenario in
            let controller = try scenario.startController()
            let pattern = "${.PVC.namespace}/${.PVC.labels.team}/${.PVC.annotations.example.com/dir}-x"
            try await scenario.createClass(parameters: ["pathPattern": pattern])
            try await scenario.createClaim("data", annotations: ["example.com/dir": "store"], labels: ["team": "red"])
            let volume = try await scenario.boundVolume(of: "data")
            let expected = scenario.share.appending(path: "\(scenario.namespace)/red/store-x").path()
            #expect(volume.spec?.nfs?.path == expected)
            #expect(FileManager.default.fileExists(atPath: expected))
            withExtendedLifetime(controller) {}
        }
    }

    @Test("Claims made while no controller ran are served when one starts")
    func backlog() async throws {
        try await Scenario.run { scenario in
            try await scenario.createClass()
            for index in 0..<5 { try await scenario.createClaim("early-\(index)") }
            let controller = try scenario.startController()
            for index in 0..<5 { _ = try await scenario.boundVolume(of: "early-\(index)") }
            #expect(try scenario.listing(scenario.share).count == 5)
            withExtendedLifetime(controller) {}
        }
    }

    @Test("C4: a claim that waits for its first consumer is served once a node was selected")
    func waitForFirstConsumer() async throws {
        try await Scenario.run { scenario in
            let controller = try scenario.startController()
            try await scenario.createClass(bindingMode: .waitForFirstConsumer)
            try await scenario.createClass("immediate")
            try await scenario.createClaim("waiting")
            try await scenario.createClaim("other", class: "immediate")
            _ = try await scenario.boundVolume(of: "other")
            #expect(try scenario.listing(scenario.share).count == 1)

            let node: Patch = .merge(["metadata": ["annotations": [AnnotationKey.selectedNode: "node-1"]]])
            let key = ObjectKey(namespace: scenario.namespace, name: "waiting")
            // Without a scheduler nobody tells the cluster's own controller who is to provision; the test does.
            let provisioner: Patch = .merge(
                ["metadata": ["annotations": [AnnotationKey.betaStorageProvisioner: .string(scenario.provisioner)]]]
            )
            _ = try await scenario.admin.api(PersistentVolumeClaim.self).patch(key, provisioner)
            _ = try await scenario.admin.api(PersistentVolumeClaim.self).patch(key, node)
            _ = try await scenario.boundVolume(of: "waiting")
            withExtendedLifetime(controller) {}
        }
    }

    @Test("S8: with a pathPattern an existing directory is adopted: its data and mode stay, delete archives it")
    func adopted() async throws {
        try await Scenario.run { scenario in
            let directory = scenario.share.appending(path: "existing")
            try FileManager.default.createDirectory(
                at: directory,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o750]
            )
            try scenario.write("precious", to: directory.appending(path: "file"))
            let controller = try scenario.startController()
            try await scenario.createClass(parameters: ["pathPattern": "existing", "onDelete": "delete"])
            try await scenario.createClaim("data")
            let volume = try await scenario.boundVolume(of: "data")
            let attributes = try FileManager.default.attributesOfItem(atPath: directory.path())
            #expect(attributes[.posixPermissions] as? Int == 0o750)

            try await scenario.deleteClaim("data")
            try await scenario.expectGone(volume)
            let archived = scenario.archive(of: volume).appending(path: "file")
            #expect(try scenario.read(archived) == "precious")
            withExtendedLifetime(controller) {}
        }
    }
}
