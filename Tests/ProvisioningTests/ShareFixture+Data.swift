import Foundation
import Kubernetes

@testable import Provisioning

extension ShareFixture {
    struct Volume {
        let plan: ProvisioningPlan
        let directory: ProvisionedDirectory
    }

    /// A volume's directory with a file in it that holds `name`.
    func volumeWithData(_ name: String, annotations: [String: String] = [:]) async throws -> Volume {
        let plan = try plan(name, annotations: annotations)
        let directory = try await provision(plan)
        try Data(name.utf8).write(to: url("\(plan.path)/file"))
        return Volume(plan: plan, directory: directory)
    }

    /// An archive of such a volume.
    ///
    /// - Returns: Its id.
    func archiveWithData(_ name: String) async throws -> String {
        let volume = try await volumeWithData(name)
        _ = try await reclaim(reclaimPlan(volume.plan, volume.directory))
        try await share.forget(volume: volume.plan.volumeName)
        return volume.plan.volumeName
    }

    /// The plan of a claim that asks for an archive.
    func plan(
        _ name: String,
        in namespace: String? = nil,
        restoring archive: String,
        mode: RestoreRequest.Mode = .move,
        parameters: [String: String] = [:],
        settings: ProvisionerSettings? = nil
    ) throws -> ProvisioningPlan {
        let claim = ClaimVerdictTests.claim {
            $0.metadata.name = name
            $0.metadata.uid = "uid-\(name)"
            if let namespace { $0.metadata.namespace = namespace }
            $0.metadata.annotations?[AnnotationKey.restoreFrom] = archive
            $0.metadata.annotations?[AnnotationKey.restoreMode] = mode.rawValue
        }
        let storageClass = ClaimVerdictTests.storageClass { $0.parameters = parameters }
        let verdict = ClaimVerdict(
            on: claim,
            storageClass: storageClass,
            volume: nil,
            settings: settings ?? self.settings
        )
        guard let plan = verdict.plan else { throw Unusable() }
        return plan
    }

    func text(_ path: String) throws -> String {
        try String(contentsOf: url(path), encoding: .utf8)
    }

    /// What lies in a folder of the controller's own.
    func names(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: url(".sb-nfs-provisioner/\(folder)").path())
    }
}
