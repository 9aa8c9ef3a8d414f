import ArgumentParser
import Kubernetes
import Presentation
import Provisioning

/// Shows what taking over would mean for each volume (T3: the forecast touches nothing).
struct AdoptCommand: AsyncParsableCommand {
    /// What is printed as JSON.
    struct Document: Codable {
        /// Grows when a field changes its meaning or goes; new fields may come at any time.
        var version = 1
        var volumes: [ReleaseForecast]
    }

    static let configuration = CommandConfiguration(
        commandName: "adopt",
        abstract: "Show what would become of each volume when its claim goes, before taking over from a provisioner.",
        discussion: """
            Volumes count whose annotation pv.kubernetes.io/provisioned-by is --provisioner-name or one of \
            --additional-provisioner-names. Nothing is touched, in the cluster or on a share. Taking over is no more than \
            starting the controller with the same settings.

              sb-nfs-provisioner adopt --dry-run --kubeconfig my.kubeconfig \\
                  --nfs-server nas1 --nfs-path /srv/kubernetes \\
                  --additional-provisioner-names \\
                  k8s-sigs.io/nfs-subdir-external-provisioner

            ON RELEASE is archive, delete, retain, keep (its policy is not Delete) or refuse (it would stay, with an event). \
            Exit codes: 0 every volume is shown; 1 the cluster did not answer; 2 unusable settings.
            """
    )

    @OptionGroup var exports: ExportOptions

    @Flag(help: "Required: there is nothing else to do, because the controller adopts volumes as they are released.")
    var dryRun = false

    @Option(name: .shortAndLong, help: "table, json or csv.")
    var output = OutputFormat.table

    func validate() throws {
        guard dryRun else {
            throw ValidationError(
                "there is nothing to do to adopt volumes but to start the controller: use --dry-run to see what it would do"
            )
        }
    }

    func run() async throws {
        try await SharesInUse.run(exports, changes: false) { shares in
            guard let contents = shares.cluster.contents else {
                throw ShareError("the cluster has to be asked for its volumes: give --kubeconfig, and not --offline")
            }
            let forecasts = await forecasts(contents, shares).sorted {
                ($0.namespace ?? "", $0.claim ?? "", $0.volume) < ($1.namespace ?? "", $1.claim ?? "", $1.volume)
            }
            try print(render(forecasts), terminator: "")
        }
    }

    private func forecasts(_ contents: ClusterContents, _ shares: SharesInUse) async -> [ReleaseForecast] {
        let paths = VolumePaths()
        for volume in contents.volumes { paths.insert(volume) }
        let settings = shares.settings
        let subjects = contents.volumes.compactMap {
            ReleaseForecast.Subject($0, classes: contents.classes, settings: settings)
        }
        return await withTaskGroup(of: ReleaseForecast.self) { group in
            var forecasts: [ReleaseForecast] = []
            for (index, subject) in subjects.enumerated() {
                if index >= 64, let forecast = await group.next() { forecasts.append(forecast) }
                group.addTask {
                    let share = subject.plan.flatMap { plan in shares.shares.first { $0.address == plan.share } }
                    let sharers = paths.sharers(of: subject.volume)
                    return await Self.forecast(subject, on: share, sharers: sharers, settings)
                }
            }
            for await forecast in group { forecasts.append(forecast) }
            return forecasts
        }
    }

    private static func forecast(
        _ subject: ReleaseForecast.Subject,
        on share: ShareConnection?,
        sharers: [String],
        _ settings: ProvisionerSettings
    ) async -> ReleaseForecast {
        var (record, look): (VolumeRecord?, DirectoryLook?) = (nil, nil)
        if let plan = subject.plan {
            record = await share?.recordIfReadable(ofVolume: plan.volumeName)
            look = await share?.look(at: plan.path) ?? .failed(reason: "\(plan.share) was not to be looked at")
        }
        return ReleaseForecast(subject, record: record, look: look, sharers: sharers, settings: settings)
    }

    private static let header = [
        "NAMESPACE", "CLAIM", "VOLUME", "PHASE", "CLASS", "SERVER", "PATH", "ON RELEASE", "TO", "WHY",
    ]

    private func render(_ forecasts: [ReleaseForecast]) throws -> String {
        if output == .json { return try String(json: Document(volumes: forecasts)) + "\n" }
        let rows = forecasts.map { forecast in
            [
                forecast.namespace ?? "", forecast.claim ?? "", forecast.volume, forecast.phase,
                forecast.storageClass ?? "", forecast.server ?? "", forecast.path ?? "", forecast.onRelease.rawValue,
                forecast.to ?? "", forecast.reason,
            ]
        }
        let table = Table(header: Self.header, rows: rows)
        return output == .csv ? table.csv : table.aligned
    }
}
