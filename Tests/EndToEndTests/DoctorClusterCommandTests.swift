import Foundation
import Kubernetes
import TestBed
import Testing

@testable import Commands

@Suite("doctor: checks of a real cluster, hooks and settings", .timeLimit(.minutes(10)))
struct DoctorClusterCommandTests {
    @Test("A revoked right is named, and the account that needs it")
    func rights() async throws {
        try await Scenario.run { scenario in
            try await scenario.createClass()
            let kubeconfig = try await scenario.kubeconfig(without: "delete")
            let diagnosis = try await scenario.diagnose(code: 3, ["KUBECONFIG": kubeconfig])
            let right = diagnosis.check(.right, of: "persistentvolumes")
            #expect(right?.result == .failed && right?.sentence.hasPrefix("may not delete persistentvolumes") == true)
            let user = diagnosis.check(.user)
            #expect(user?.sentence.contains("system:serviceaccount:\(scenario.namespace):limited") == true)
            #expect(diagnosis.check(.classUsable)?.result == .ok)
        }
    }

    @Test("No class, an unknown parameter and a second default class are reported")
    func classes() async throws {
        try await Scenario.run { scenario in
            let none = try await scenario.diagnose(code: 3)
            #expect(none.check(.classesPresent)?.result == .failed)
            try await scenario.createClass("unknown", parameters: ["flavour": "x"])
            let name = scenario.className("default")
            let storageClass = StorageClass(
                metadata: ObjectMeta(
                    name: name,
                    annotations: ["storageclass.kubernetes.io/is-default-class": "true"]
                ),
                provisioner: scenario.provisioner
            )
            _ = try await scenario.admin.api().create(storageClass)
            let diagnosis: Diagnosis
            do {
                diagnosis = try await scenario.diagnose(code: 0)
                try await scenario.admin.api(StorageClass.self).delete(ObjectKey(name: name))
            } catch {
                try await scenario.admin.api(StorageClass.self).delete(ObjectKey(name: name))
                throw error
            }
            let unknown = diagnosis.check(.classUsable, of: scenario.className("unknown"))
            #expect(unknown?.result == .warning && unknown?.sentence.contains("flavour") == true)
            let defaults = diagnosis.check(.defaultClass)
            #expect(defaults?.result == .warning)
            #expect(
                defaults?.sentence.contains(name) == true
                    && defaults?.sentence.contains("sb-managed-nfs-storage") == true
            )
        }
    }

    @Test("Unusable hooks are reported before they are needed, and none is run")
    func hooks() async throws {
        try await Scenario.run { scenario in
            try await scenario.createClass()
            let mark = scenario.otherShare.appending(path: "ran")
            let job = "template: {spec: {restartPolicy: Never, containers: [{name: NAME, image: i}]}}"
            let configuration = try scenario.configuration(
                """
                hooks:
                  - {name: good, phase: beforeArchive, exec: {command: [touch, '\(mark.path())']}}
                  - {name: missing, phase: beforeArchive, exec: {command: [no-such-program]}}
                  - {name: variable, phase: beforeArchive, exec: {command: ["true"], passEnvironment: [NO_SUCH_VARIABLE]}}
                  - {name: http, phase: beforeArchive, http: {url: 'https://no-such-host.invalid/x', tokenFile: /no/token}}
                  - {name: job, phase: beforeArchive, job: {\(job.replacing("NAME", with: "fine"))}}
                  - {name: bad-job, phase: beforeArchive, job: {\(job.replacing("NAME", with: "Not_A_Name"))}}
                  - {name: folder, phase: beforeArchive, copy: {to: /no/such/folder}}
                  - {name: copies, phase: beforeArchive, copy: {to: '127.0.0.1:\(scenario.otherShare.path())',
                     mountOptions: [\(scenario.mountOptions.joined(separator: ", "))]}}
                """
            )
            let diagnosis = try await scenario.diagnose("--config", configuration, code: 3)
            func checks(_ hook: String) -> [Check] { diagnosis.checks.filter { $0.id == .hook && $0.subject == hook } }
            for name in ["good", "job", "copies"] { #expect(checks(name).map(\.result) == [.ok], "\(checks(name))") }
            for (name, words) in [
                ("missing", "no-such-program was not found"), ("bad-job", "Not_A_Name"), ("folder", "/no/such/folder"),
            ] {
                #expect(checks(name).map(\.result) == [.failed])
                #expect(checks(name).first?.sentence.contains(words) == true, "\(checks(name))")
            }
            #expect(checks("variable").map(\.result) == [.warning])
            let http = checks("http").map(\.sentence)
            #expect(
                http.count == 2 && http[0].contains("/no/token") && http[1].contains("cannot be resolved"),
                "\(http)"
            )
            let jobs = diagnosis.check(.right, of: "jobs.batch in the namespace \(scenario.bed.podNamespace)")
            #expect(jobs?.result == .ok)
            let copies = diagnosis.check(.exportWritable, of: "127.0.0.1:\(scenario.otherShare.path())")
            #expect(copies?.result == .ok)
            let left = try FileManager.default.contentsOfDirectory(atPath: scenario.otherShare.path())
            #expect(left == [])
            let made = try await scenario.kubectl([
                "get", "jobs", "--namespace", scenario.bed.podNamespace, "--output", "name",
            ])
            #expect(!made.contains("bad-job-") && !made.contains("/job-"))
        }
    }

    @Test("Another provisioner of the same name is reported")
    func foreignLock() async throws {
        try await Scenario.run { scenario in
            try await scenario.createClass()
            let leader = """
                {"holderIdentity": "nsep-1", "leaseDurationSeconds": 3600, "renewTime": "\(Timestamp.now)"}
                """
            let lock = Endpoints(
                metadata: ObjectMeta(
                    name: scenario.provisioner.replacing("/", with: "-"),
                    namespace: scenario.namespace,
                    annotations: ["control-plane.alpha.kubernetes.io/leader": leader]
                )
            )
            _ = try await scenario.admin.api().create(lock)
            let diagnosis = try await scenario.diagnose(code: 3)
            let other = diagnosis.check(.others)
            #expect(other?.result == .failed && other?.sentence.contains("nsep-1 uses one of our names") == true)
            #expect(other?.subject == "Endpoints \(lock.key)")
        }
    }

    @Test("Outside a pod the controller is found by its Lease, and is no other provisioner")
    func outsideThePod() async throws {
        try await Scenario.run { scenario in
            try await scenario.createClass()
            let controller = try scenario.startController()
            try await eventually("it leads") { controller.log.contains("leading") }
            let outside = ["POD_NAMESPACE": "", "KUBECONFIG": scenario.bed.kubeconfig]
            let diagnosis = try await scenario.diagnose(code: 0, outside)
            #expect(diagnosis.check(.leader)?.sentence.contains("pod-\(scenario.id)_") == true)
            #expect(diagnosis.check(.others)?.result == .ok)
        }
    }

    @Test(
        "Settings that cannot be used end it with 2, told as a check; without a cluster the exports are looked at all the same"
    )
    func settings() async throws {
        try await Scenario.run { scenario in
            let changes = ["WORKERS": "many", "HTTP_ADDRESS": "nowhere"]
            let unusable = try await scenario.diagnose(code: 2, changes)
            #expect(unusable.checks.map(\.id) == [.settings, .settings] && unusable.result == .failed)

            let alone = try await scenario.diagnose(code: 3, ["KUBECONFIG": "/no/such/file"])
            #expect(alone.failures == [.api])
            #expect(alone.check(.exportRename)?.result == .ok)
            #expect(alone.check(.exportIdentity)?.result == .skipped)
        }
    }
}
