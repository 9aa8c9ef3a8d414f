import ArgumentParser
import Kubernetes
import Presentation
import Provisioning

/// Shows what taking over would mean for each volume (T3: the forecast touches nothing).
struct AdoptCommand: AsyncParsableCommand {
    /// The forecast as JSON.
    struct Document: Codable {
        /// Increases when a field changes its meaning or is removed; new fields may appear at any time.
        var version = 1
        var volumes: [ReleaseForecast]
    }

    static let configuration = CommandConfiguration(
        commandName: "adopt",
        abstract: "Show what happens to each volume when its claim is deleted, before taking over from a provisioner.",
        discussion: """
            The forecast covers volumes whose annotation pv.kubernetes.io/provisioned-by is --provisioner-name or one of \
            --additional-provisioner-names. It changes nothing, in the cluster or on a share. To take over, start the \
            controller with the same settings.

              sb-nfs-provisioner adopt --kubeconfig my.kubeconfig \\
                  --nfs-server nas1 --nfs-path /srv/kubernetes \\
                  --additional-provisioner-names \\
                  k8s-sigs.io/nfs-subdir-external-provisioner

            ON RELEASE is archive, delete, retain, keep (its policy is not Delete) or refuse (it would stay, with an event). \
            Exit codes: 0 the forecast is complete; 1 the cluster did not answer; 2 unusable settings.
            """
    )

    @OptionGroup var exports: ExportOptions

    @OptionGroup var output: OutputOptions<Document>

    @Flag(help: "Has no effect: the command never changes anything.")
    var dryRun = false

    func run() async throws {
        try await SharesInUse.run(exports, changes: false) { shares in
            guard let cluster = shares.cluster.snapshot else {
                throw ShareError("adopt needs the volumes of the cluster: give --kubeconfig, and leave out --offline")
            }
            let forecasts = await forecasts(cluster, shares).sorted {
                ($0.namespace ?? "", $0.claim ?? "", $0.volume) < ($1.namespace ?? "", $1.claim ?? "", $1.volume)
            }
            try output.print(Document(volumes: forecasts))
        }
    }

    private func forecasts(_ cluster: ClusterSnapshot, _ shares: SharesInUse) async -> [ReleaseForecast] {
        let paths = VolumePaths()
        for volume in cluster.volumes { paths.insert(volume) }
        let settings = shares.settings
        let subjects = cluster.volumes.compactMap {
            ReleaseForecast.Subject($0, classes: cluster.classes, settings: settings)
        }
        return await withTaskGroup(of: ReleaseForecast.self) { group in
            var forecasts: [ReleaseForecast] = []
            for (index, subject) in subjects.enumerated() {
                if index >= 64, let forecast = await group.next() { forecasts.append(forecast) }
                group.addTask {
                    let share = subject.plan.flatMap { plan in shares.shares.first { $0.address == plan.share } }
                    let otherVolumes = paths.otherVolumes(of: subject.volume)
                    return await Self.forecast(subject, on: share, otherVolumes: otherVolumes, settings)
                }
            }
            for await forecast in group { forecasts.append(forecast) }
            return forecasts
        }
    }

    private static func forecast(
        _ subject: ReleaseForecast.Subject,
        on share: ShareConnection?,
        otherVolumes: [String],
        _ settings: ProvisionerSettings
    ) async -> ReleaseForecast {
        var (record, look): (VolumeRecord?, DirectoryObservation?) = (nil, nil)
        if let plan = subject.plan {
            record = await share?.recordIfReadable(ofVolume: plan.volumeName)
            look = await share?.look(at: plan.path) ?? .failed(reason: "\(plan.share) was not checked")
        }
        return ReleaseForecast(subject, record: record, look: look, otherVolumes: otherVolumes, settings: settings)
    }
}

extension AdoptCommand.Document: PrintableList {
    static let nothing = "No volumes of this provisioner."

    private static let header = [
        "NAMESPACE", "CLAIM", "VOLUME", "PHASE", "CLASS", "SERVER", "PATH", "ON RELEASE", "TO", "WHY",
    ]

    var table: Table {
        let rows = volumes.map { forecast in
            [
                forecast.namespace ?? "", forecast.claim ?? "", forecast.volume, forecast.phase,
                forecast.storageClass ?? "", forecast.server ?? "", forecast.path ?? "", forecast.onRelease.rawValue,
                forecast.to ?? "", forecast.reason,
            ]
        }
        return Table(
            header: Self.header,
            rows: rows,
            wide: ["PHASE", "CLASS", "SERVER", "PATH", "TO"],
            whole: ["VOLUME"]
        )
    }
}
