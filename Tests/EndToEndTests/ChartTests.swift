import Foundation
import Kubernetes
import TestBed
import Testing

@Suite("The Helm chart, rendered by helm itself")
struct ChartTests {
    /// What makes the chart's release the base's.
    private static let asBase = ["--namespace", "sb-nfs-provisioner", "--set", "nfs.server=nfs.example.com"]
    /// Everything that is off unless asked for.
    private static let everything = [
        "--set", "reports.enabled=true,reports.ingress.enabled=true,metrics.serviceMonitor.enabled=true",
        "--set", "metrics.prometheusRule.enabled=true,metrics.dashboard.enabled=true",
        "--set", #"reports.ingress.annotations.cert-manager\.io/cluster-issuer=letsencrypt"#,
    ]
    private static let foreignValues =
        ["--values", ManifestTools.repository.appending(path: "Tests/Fixtures/nsep-values.yaml").path()]

    @Test(
        "With defaults it equals the manifests, for each Kubernetes version",
        arguments: [("1.34.0", "base"), ("1.22.0", "base"), ("1.21.14", "overlays/before-1.22")]
    )
    func sameAsManifests(version: String, name: String) async throws {
        let tools = try await ManifestTools()
        let chart = try comparable(
            try await tools.template("sb-nfs-provisioner", Self.asBase + ["--kube-version", version])
        )
        let manifests = try comparable(try await tools.kustomize(name))
        #expect(Set(chart.keys) == Set(manifests.keys).union(["Service sb-nfs-provisioner-metrics"]))
        for (object, manifest) in manifests { #expect(chart[object] == manifest, "\(object)") }
    }

    @Test("With all optional parts too", arguments: ["overlays/prometheus", "overlays/reports-ingress"])
    func sameAsOverlays(name: String) async throws {
        let tools = try await ManifestTools()
        let chart = try comparable(try await tools.template("sb-nfs-provisioner", Self.asBase + Self.everything))
        for (object, manifest) in try comparable(try await tools.kustomize(name)) {
            // Only the reports change these, and only one of the two overlays has them.
            guard name.hasSuffix("reports-ingress") || !object.hasPrefix("Deployment ") && !object.hasSuffix("-config")
            else { continue }
            #expect(chart[object] == manifest, "\(object)")
        }
    }

    @Test("The API server accepts every object of it", arguments: [[], everything, foreignValues])
    func accepted(arguments: [String]) async throws {
        let tools = try await ManifestTools()
        try await Scenario.run { scenario in
            // A build of Debian's sources does not know its version.
            let isOld = try await !scenario.kubectl(["api-versions"]).contains("\npolicy/v1\n")
            let yaml = try await tools.template(
                "chart-\(scenario.id)",
                [
                    "--namespace", scenario.namespace, "--kube-version", isOld ? "1.20.2" : "1.34.0",
                    "--set", "storageClass.name=\(scenario.className("chart"))",
                ] + arguments
            )
            try await scenario.expectAccepted(yaml, in: scenario.namespace)
        }
    }

    @Test("Values of nfs-subdir-external-provisioner keep their meaning; ignored ones are listed")
    func foreign() async throws {
        let tools = try await ManifestTools()
        let objects = try Manifest.byName(try await tools.template("nfs", Self.foreignValues))
        let storageClass = try #require(objects["StorageClass nfs-client"])
        #expect(storageClass["metadata", "annotations", "storageclass.kubernetes.io/is-default-class"] == "false")
        #expect(storageClass["provisioner"] == "nfs.smart-bear.eu/sb-managed-nfs")
        #expect(storageClass["parameters"] == ["onDelete": "archive"])
        let deployment = try #require(objects["Deployment nfs-sb-nfs-provisioner"])
        #expect(deployment["spec", "replicas"] == 1 && deployment["spec", "strategy"] == ["type": "Recreate"])
        #expect(deployment.podSpec?["containers", "0", "resources", "limits", "memory"] == "512Mi")
        #expect(objects["ConfigMap nfs-sb-nfs-provisioner"]?["data"] == [:])
        #expect(objects["PodDisruptionBudget nfs-sb-nfs-provisioner"] == nil)

        let notes = try await tools.helm(["install", "nfs"], Self.foreignValues + ["--dry-run=client"])
        #expect(notes.succeeded)
        #expect(
            notes.output.contains(
                "nfs.volumeName, nfs.reclaimPolicy, podSecurityPolicy, buildMode, storageClass.accessModes."
            )
        )
        #expect(notes.output.contains("nfs.server is not set"))
    }

    @Test(
        "Of archiveOnDelete and onDelete, the class gets onDelete",
        arguments: [
            (["archiveOnDelete=false"], "delete"), (["archiveOnDelete=true"], "archive"),
            (["archiveOnDelete=false", "storageClass.onDelete=retain"], "retain"),
        ]
    )
    func onDelete(values: [String], expected: String) async throws {
        let set = "storageClass." + values.joined(separator: ",")
        let yaml = try await ManifestTools().template("a", ["--set", set])
        let storageClass = try #require(try Manifest.byName(yaml)["StorageClass sb-managed-nfs-storage"])
        #expect(storageClass["parameters"] == ["onDelete": .string(expected)])
    }

    @Test("The configuration and the names of settings arrive where the program reads them")
    func configuration() async throws {
        let yaml = try await ManifestTools().template(
            "a",
            [
                "--set", "config.additionalProvisionerNames={old/name},config.retention.default.keepFor=90d",
                "--set", "storageClass.provisionerName=example.com/nfs,nfs.server=nas,nfs.path=/x,replicaCount=1",
                "--set", "leaderElection.enabled=false,nfs.mountOptions={nfsvers=4.1},reports.enabled=true",
                "--set", "fullnameOverride=storage,extraConfigSources[0].secret.name=hook",
            ]
        )
        let objects = try Manifest.byName(yaml)
        #expect(
            objects["ConfigMap storage"]?["data"] == [
                "NFS_SERVER": "nas", "NFS_PATH": "/x", "PROVISIONER_NAME": "example.com/nfs",
                "ENABLE_LEADER_ELECTION": "false",
            ]
        )
        let file = try #require(objects["ConfigMap storage-config"]?["data", "config.yaml"]?.text)
        let settings = try #require(try Manifest.all(file).first)
        #expect(settings["additionalProvisionerNames"] == ["old/name"])
        #expect(settings["retention", "default", "keepFor"] == "90d")
        #expect(settings["reports", "tls", "keyFile"] == "/etc/sb-nfs-provisioner/tls/tls.key")
        let storageClass = try #require(objects["StorageClass sb-managed-nfs-storage"])
        #expect(storageClass["provisioner"] == "example.com/nfs" && storageClass["mountOptions"] == ["nfsvers=4.1"])
        let sources = objects["Deployment storage"]?.podSpec?["volumes", "0", "projected", "sources"]?.elements
        #expect(sources?.last == ["secret": ["name": "hook"]])
    }

    @Test(
        "An impossible value is refused by name",
        arguments: [
            ("nfs.sever=nas", "sever"), ("nfs.path=srv", "/nfs/path"), ("storageClass.onDelete=destroy", "onDelete"),
            ("storageClass.reclaimPolicy=Recycle", "reclaimPolicy"), ("replicaCount=two", "replicaCount"),
            ("storageClass.parameters.mode=511", "mode"), ("networkPolicy.nfsPorts={nfs}", "nfsPorts"),
            ("leaderElection.enabled=false", "leaderElection.enabled is false with more than one replica"),
            (
                "image.repository=registry.k8s.io/sig-storage/nfs-subdir-external-provisioner",
                "leave image.* of its values out"
            ),
        ]
    )
    func refused(value: String, sentence: String) async throws {
        let result = try await ManifestTools().helm(["template", "a"], ["--set", value])
        #expect(!result.succeeded)
        #expect(result.error.contains(sentence), "\(result.error)")
    }

    @Test("helm lint passes, and chart, manifests and program have the same version")
    func lint() async throws {
        let tools = try await ManifestTools()
        let lint = try await tools.helm(["lint", "--strict"])
        #expect(lint.succeeded, "\(lint.output)\(lint.error)")
        let version = try await ManifestTools.run(BuiltProgram.path, ["version"]).output
            .trimmingCharacters(in: .whitespacesAndNewlines)
        let chart = try #require(try Manifest.all(try await tools.helm(["show", "chart"]).output).first)
        #expect(chart["version"]?.text == version && chart["appVersion"]?.text == version)
        let base = try Manifest.byName(try await tools.kustomize("base"))["Deployment sb-nfs-provisioner"]
        #expect(base?.podSpec?["containers", "0", "image"]?.text == "sb-nfs-provisioner:\(version)")
    }

    /// The objects that both ways of installing have, without what only one of them writes: a chart's labels, and that
    /// pods are replaced when their environment changes (kustomize's hash, the chart's checksum).
    private func comparable(_ yaml: String) throws -> [String: JSONValue] {
        let labels = /(?m)^ *(app\.kubernetes\.io\/(instance|version|managed-by)|helm\.sh\/chart): .*\n/
        var objects = try Manifest.byName(unhashed(yaml).replacing(labels, with: "")).mapValues(\.value)
        objects["Namespace sb-nfs-provisioner"] = nil
        for (name, object) in objects {
            // The daily report is the manifests' alone.
            guard !name.hasSuffix("-report") else {
                objects[name] = nil
                continue
            }
            objects[name] =
                switch object["kind"]?.text {
                case "NetworkPolicy": object.setting(["spec", "podSelector"], to: nil)
                case "Deployment": object.setting(["spec", "template", "metadata", "annotations"], to: nil)
                case "ConfigMap": object.setting(["metadata", "labels"], to: nil)
                default: object
                }
        }
        return objects
    }
}

extension JSONValue {
    /// A copy with a field set, or taken away.
    fileprivate func setting(_ path: [String], to value: JSONValue?) -> JSONValue {
        guard case .object(var fields) = self, let first = path.first else { return self }
        fields[first] = path.count == 1 ? value : fields[first]?.setting(Array(path.dropFirst()), to: value)
        return .object(fields)
    }
}
