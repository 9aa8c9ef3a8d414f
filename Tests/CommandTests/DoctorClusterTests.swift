import Kubernetes
import Provisioning
import Testing

@testable import Commands

@Suite("doctor: checks of the cluster")
struct DoctorClusterTests {
    private static let now = Timestamp(seconds: 1_769_846_400)

    private static func version(_ major: String, _ minor: String, _ git: String) -> ServerVersion {
        ServerVersion(major: major, minor: minor, gitVersion: git)
    }

    @Test(
        "Kubernetes from 1.20 on is supported",
        arguments: [
            (version("1", "20", "v1.20.0"), Check.Result.ok), (version("1", "34+", "v1.34.1-eks"), .ok),
            (version("1", "19", "v1.19.16"), .warning), (version("", "", "v1.19.3"), .warning),
            (version("", "", "v1.28.2+k3s1"), .ok), (version("", "", "v0.0.0-master+faec"), .skipped),
        ]
    )
    func versions(version: ServerVersion, result: Check.Result) {
        #expect(ClusterVerdict.version(version).result == result)
    }

    @Test("The output says whose rights were checked; those of an admin are not the controller's")
    func users() {
        #expect(ClusterVerdict.user("system:serviceaccount:storage:nfs").result == .ok)
        let admin = ClusterVerdict.user("kubernetes-admin")
        #expect(admin.result == .warning && admin.sentence.contains("kubernetes-admin"))
        #expect(ClusterVerdict.user(nil).result == .skipped)
    }

    @Test("A missing right is reported with its verb, its purpose, and the manifest that grants it")
    func rights() throws {
        let volumes = try #require(RequiredAccess.all.first { $0.resource == "persistentvolumes" })
        func check(_ missing: Result<[String], KubernetesError>) -> Check {
            AccessObservation(access: volumes, missing: missing).check(namespace: "storage")
        }
        #expect(check(.success([])).result == .ok)
        let missing = check(.success(["delete"]))
        #expect(missing.result == .failed && missing.sentence.hasPrefix("may not delete persistentvolumes: "))
        #expect(missing.remedy?.contains("manifests/base") == true)
        #expect(check(.failure(KubernetesError(code: .timeout, reason: "no answer"))).result == .skipped)
    }

    @Test("Rights are needed only for what is configured")
    func needs() throws {
        func needed(_ file: String) throws -> Set<String> {
            let configuration = try ConfigurationTests.configuration(file: file)
            return Set(RequiredAccess.all.filter { $0.isNeeded(by: configuration) }.map(\.resource))
        }
        let least = try needed("enableLeaderElection: false")
        #expect(
            least.isDisjoint(with: ["jobs", "pods", "nodes", "tokenreviews"]) && least.contains("persistentvolumes")
        )
        #expect(try needed("topology: [{export: 'nas1:/srv', labels: {zone: [a]}}]").contains("nodes"))
        #expect(try needed("reports: {insecure: true}").isSuperset(of: ["tokenreviews", "subjectaccessreviews"]))
        let hook = "{name: j, phase: beforeArchive, job: {template: {spec: {containers: [{name: c, image: i}]}}}}"
        #expect(try needed("hooks: [\(hook)]").isSuperset(of: ["jobs", "pods", "pods/log"]))
    }

    private static func lease(_ holder: String?, renewed ago: Int64) -> Lease {
        let time = MicroTime(Timestamp(seconds: now.seconds - ago).date)
        return Lease(
            metadata: ObjectMeta(name: "l", namespace: "n"),
            spec: Lease.Spec(holderIdentity: holder, leaseDurationSeconds: 15, acquireTime: time, renewTime: time)
        )
    }

    @Test(
        "The leader is named; no leader is a warning",
        arguments: [
            (lease("pod-1", renewed: 5) as Lease?, Check.Result.ok, "pod-1 leads since 2026-01-31T07:59:55Z"),
            (lease("pod-1", renewed: 16), .warning, "pod-1 led until"),
            (lease("", renewed: 5), .warning, "no controller"),
            (nil, .warning, "no controller leads"),
        ]
    )
    func leader(lease: Lease?, result: Check.Result, words: String) {
        let check = ProvisionerVerdict.leader(.success(lease), isElected: true, now: Self.now)
        #expect(check.result == result && check.sentence.contains(words), "\(check)")
        #expect(ProvisionerVerdict.leader(.success(lease), isElected: false, now: Self.now).result == .skipped)
    }

    @Test(
        "L2: another's lock is a failure while it is held, a warning just after, and ignored later",
        arguments: [(Int64(10), Check.Result.failed), (60, .warning), (301, .ok)]
    )
    func others(ago: Int64, result: Check.Result) {
        let lock = ForeignLock(
            place: "Endpoints nfs/l",
            holder: "nsep-1",
            renewedAt: Timestamp(seconds: Self.now.seconds - ago),
            duration: .seconds(15)
        )
        let checks = ProvisionerVerdict.others(.success([lock]), isInPod: true, now: Self.now)
        #expect(checks.map(\.result) == [result])
        #expect(result == .ok || checks[0].sentence.contains("Endpoints nfs/l"))
        let unknown = ProvisionerVerdict.others(
            .failure(KubernetesError(code: .forbidden, reason: "no")),
            isInPod: true,
            now: Self.now
        )
        #expect(unknown.map(\.result) == [.skipped])
    }
}
