import Foundation
import Kubernetes
import TestBed
import Testing

@Suite("A configuration file that changes while the program runs")
struct ReloadTests {
    private static let successful = "sb_nfs_config_last_reload_successful"

    @Test("A bad file is refused and reported once, a good one takes effect; claims are served meanwhile")
    func badThenGood() async throws {
        try await Scenario.run { scenario in
            let mounted = try MountedConfiguration("workers: 3\n")
            let controller = try scenario.startController(configuration: mounted.path)
            try await controller.expect("sb_nfs_leader", is: 1)
            try await controller.expect(Self.successful, is: 1)
            try await scenario.createClass()
            for number in 0..<10 { try await scenario.createClaim("a-\(number)") }
            let pod = try await scenario.createPod()
            try mounted.swap(to: "workers: many\nnfsServr: nas1\n")
            for number in 0..<10 { try await scenario.createClaim("b-\(number)") }
            try await controller.expect(Self.successful, is: 0)
            let problem = "workers in \(mounted.path), line 1, is \"many\": use a number from 1 to 256"
            try await scenario.expectEvent(
                "ConfigurationRefused",
                on: "pod-\(scenario.id)",
                in: scenario.bed.podNamespace,
                saying: problem
            )
            let event = try await scenario.events(
                "ConfigurationRefused",
                on: "pod-\(scenario.id)",
                in: scenario.bed.podNamespace
            ).first
            #expect(event?.involvedObject.kind == "Pod" && event?.type == .warning)
            #expect(event?.involvedObject.uid == pod.metadata.uid, "kubectl describe asks by uid")
            try await scenario.deletePod()
            #expect(controller.log.contains("line 2, is not a setting"))

            // A class of a provisioner that only the new configuration has served too.
            let old = "\(scenario.provisioner)-old"
            let adopted = StorageClass(
                metadata: ObjectMeta(name: scenario.className("adopted")),
                provisioner: old,
                reclaimPolicy: .delete,
                volumeBindingMode: .immediate
            )
            _ = try await scenario.admin.api().create(adopted)
            try await scenario.createClaim("adopted", class: "adopted")
            for number in 0..<10 { try await scenario.createClaim("c-\(number)") }
            try mounted.swap(to: "workers: 3\nadditionalProvisionerNames: [\(old)]\n")
            for number in 0..<10 { try await scenario.createClaim("d-\(number)") }
            _ = try await scenario.boundVolume(of: "adopted")
            try await controller.expect(Self.successful, is: 1)
            for series in ["a", "b", "c", "d"] {
                for number in 0..<10 { _ = try await scenario.boundVolume(of: "\(series)-\(number)") }
            }
            // Each is logged once, also those that became Bound during the restart of the work.
            try await eventually("each claim is told of") { controller.log.matches(of: /claim bound/).count == 41 }
            #expect(Set(controller.log.matches(of: /claim bound.* claim=(\S+)/).map(\.1)).count == 41)
            #expect(controller.log.matches(of: /configuration file is rejected/).count == 1)
            #expect(controller.log.matches(of: /takes effect.*settings=\[additionalProvisionerNames\]/).count == 1)
            let provisioned =
                #"controller_persistentvolumeclaim_provision_total{class="\#(scenario.className("standard"))",source=""}"#
            #expect(try await controller.scrape()[provisioned] == 40, "counters go on")
            #expect(try scenario.listing(scenario.share).count == 41)
            withExtendedLifetime(mounted) {}
        }
    }

    @Test("An equivalent file, or one with only other log settings, restarts nothing; SIGHUP reloads it")
    func sameWork() async throws {
        try await Scenario.run { scenario in
            let mounted = try MountedConfiguration("workers: 3\n")
            let controller = try scenario.startController(configuration: mounted.path)
            try await controller.expect("sb_nfs_leader", is: 1)
            try mounted.swap(to: "# the same\nworkers: 3\n")
            controller.signal(SIGHUP)
            try await eventually("it is looked at") { controller.log.contains("changed, but no setting did") }
            try mounted.swap(to: "workers: 3\nlogFormat: json\nlogLevel: kubernetes=error\n")
            try await eventually("the log is JSON") {
                controller.log.contains(#""message":"the configuration changed"#)
            }
            try mounted.swap(to: "workers: 3\nhttpAddress: '127.0.0.1:1'\nkubeconfig: /a\n")
            // Given in the environment, which goes first.
            try await eventually("it says the same again") {
                controller.log.contains(#""settings":["logLevel","logFormat"]"#)
                    && controller.log.matches(of: /takes effect/).count == 2
            }
            #expect(controller.log.matches(of: /leading/).count == 1)
            #expect(controller.isRunning)
            withExtendedLifetime(mounted) {}
        }
    }

    @Test("What cannot change while the program runs is refused with its line")
    func fixed() async throws {
        try await Scenario.run { scenario in
            let mounted = try MountedConfiguration("httpAddress: '127.0.0.1:0'\n")
            let controller = try scenario.startController(["HTTP_ADDRESS": ""], configuration: mounted.path)
            try await controller.expect(Self.successful, is: 1)
            try mounted.swap(to: "workers: 2\nhttpAddress: '127.0.0.1:1'\n")
            try await controller.expect(Self.successful, is: 0)
            #expect(controller.log.contains("line 2, cannot change while the program runs"))
            try mounted.swap(to: "httpAddress: '127.0.0.1:0'\n")
            try await controller.expect(Self.successful, is: 1)
            #expect(controller.log.contains("matches the configuration in effect again"))
            withExtendedLifetime(mounted) {}
        }
    }

    @Test("A hanging share with a claim in progress delays no reload")
    func hangingShare() async throws {
        try await Scenario.run { scenario in
            let server = try await StoppableNFSServer()
            let mounted = try MountedConfiguration("workers: 2\n")
            let controller = try scenario.startController(configuration: mounted.path)
            let own = StorageClass(
                metadata: ObjectMeta(name: scenario.className("own")),
                provisioner: scenario.provisioner,
                parameters: ["server": "127.0.0.1", "share": server.export.path()],
                reclaimPolicy: .delete,
                mountOptions: server.mountOptions,
                volumeBindingMode: .immediate
            )
            _ = try await scenario.admin.api().create(own)
            server.pause()
            try await scenario.createClaim("hanging", class: "own")
            try await eventually("the claim is tried") { controller.log.contains("failed; will retry") }
            try mounted.swap(to: "workers: 3\n")
            try await eventually("it leads again", within: .seconds(180)) {
                controller.log.matches(of: /: leading/).count == 2
            }
            try await scenario.createClass()
            try await scenario.createClaim("data")
            _ = try await scenario.boundVolume(of: "data")
            server.resume()
            _ = try await scenario.boundVolume(of: "hanging", within: .seconds(180))
            withExtendedLifetime((mounted, server)) {}
        }
    }

    @Test("A missing file is refused; restored unchanged, it takes effect again")
    func gone() async throws {
        try await Scenario.run { scenario in
            let mounted = try MountedConfiguration("workers: 2\n")
            let controller = try scenario.startController(configuration: mounted.path)
            try await controller.expect(Self.successful, is: 1)
            try mounted.remove()
            try await controller.expect(Self.successful, is: 0)
            #expect(controller.log.contains("\(mounted.path) cannot be read"))
            try mounted.swap(to: "workers: 2\n")
            try await controller.expect(Self.successful, is: 1)
            #expect(controller.isRunning && !controller.log.contains("takes effect"))
            withExtendedLifetime(mounted) {}
        }
    }

    @Test("Both replicas load the file, leader and standby, and one leads in the end")
    func twoReplicas() async throws {
        try await Scenario.run { scenario in
            let mounted = try MountedConfiguration("workers: 2\n")
            let first = try scenario.startController(configuration: mounted.path)
            try await first.expect("sb_nfs_leader", is: 1)
            let second = try scenario.startController(configuration: mounted.path)
            try await eventually("the second stands by") { second.log.contains("standing by") }
            try await scenario.createClass()
            try mounted.swap(to: "workers: 2\nusage: {enabled: false}\n")
            for number in 0..<10 { try await scenario.createClaim("data-\(number)") }
            for controller in [first, second] {
                try await eventually("it takes effect") {
                    controller.log.contains("takes effect") && controller.log.contains("settings=[usage]")
                }
                #expect(try await controller.get("readyz").status == "200")
            }
            for number in 0..<10 { _ = try await scenario.boundVolume(of: "data-\(number)") }
            try await eventually("one leads") {
                let (one, other) = (try await first.scrape(), try await second.scrape())
                return (one["sb_nfs_leader"] ?? 0) + (other["sb_nfs_leader"] ?? 0) == 1
            }
            #expect(try scenario.listing(scenario.share).count == 10)
            for controller in [first, second] {
                controller.signal(SIGTERM)
                try await eventually("it ends") { !controller.isRunning }
                #expect(controller.log.contains("stopped"))
            }
            withExtendedLifetime(mounted) {}
        }
    }

    @Test("The report page stops and returns with its section, and stays up during other changes")
    func reportPage() async throws {
        try await Scenario.run { scenario in
            let section = "reports: {listen: '127.0.0.1:0', insecure: true}\n"
            let mounted = try MountedConfiguration(section)
            let controller = try scenario.startController(configuration: mounted.path)
            func served() -> Int { controller.log.matches(of: /serving reports/).count }
            func taken() -> Int { controller.log.matches(of: /takes effect/).count }
            try await eventually("reports are served") { served() == 1 }
            try mounted.swap(to: section + "workers: 2\n")
            try await eventually("another setting takes effect") { taken() == 1 }
            try mounted.swap(to: "workers: 2\n")
            try await eventually("the section is gone") { taken() == 2 }
            #expect(served() == 1)
            try mounted.swap(to: section)
            try await eventually("reports are served again") { served() == 2 }
            try mounted.swap(to: "reports: {tls: {certificateFile: /no/such, keyFile: /no/such}}\n")
            try await eventually("a certificate that is not there is refused") {
                controller.log.contains("certificate /no/such cannot be read")
            }
            #expect(controller.isRunning)
            withExtendedLifetime(mounted) {}
        }
    }
}

extension Scenario {
    /// The pod that the controller takes itself for; nothing runs it.
    fileprivate func createPod() async throws -> Pod {
        let pod = """
            apiVersion: v1
            kind: Pod
            metadata: {name: pod-\(id), namespace: \(bed.podNamespace)}
            spec:
              serviceAccountName: sb-nfs-provisioner
              automountServiceAccountToken: false
              securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
              containers:
                - name: controller
                  image: none
                  securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
            """
        try await kubectl(["create", "-f", "-"], input: pod)
        return try await admin.api().get(ObjectKey(namespace: bed.podNamespace, name: "pod-\(id)"))
    }

    fileprivate func deletePod() async throws {
        try await kubectl([
            "delete", "pod", "pod-\(id)", "--namespace", bed.podNamespace, "--force", "--grace-period", "0",
        ])
    }
}
