import Kubernetes
import Testing

@testable import Backup

@Suite("The Job of a hook")
struct JobManifestTests {
    private let hook = JobHook(spec: [
        "backoffLimit": 2,
        "template": [
            "metadata": ["labels": ["mine": "yes"]],
            "spec": [
                "initContainers": [["name": "i", "image": "x"]],
                "containers": [["name": "c", "image": "x", "env": [["name": "A", "value": "$(SB_NFS_PATH)"]]]],
                "volumes": [["name": "mine", "emptyDir": [:]]],
            ],
        ],
    ])

    private func manifest(_ hook: JobHook, number: Int = 1) -> Job {
        JobManifest(hook, .sample, number: number, timeout: .seconds(90), namespace: "ns").job
    }

    @Test func theControllerAddsWhatTheTemplateLacks() throws {
        let job = manifest(hook)
        let spec = try #require(job.spec)
        #expect(spec["backoffLimit"] == 2)
        #expect(spec["activeDeadlineSeconds"] == 90)
        #expect(spec["ttlSecondsAfterFinished"] == 3600)
        let pod = try #require(spec["template"]?["spec"])
        #expect(pod["restartPolicy"] == "Never")
        #expect(
            pod["volumes"] == [
                ["name": "mine", "emptyDir": [:]],
                [
                    "name": "sb-nfs-volume",
                    "nfs": ["server": "nas1", "path": "/srv/shop-db-pvc-1", "readOnly": true],
                ],
            ]
        )
        for container in (pod["containers"]?.elements ?? []) + (pod["initContainers"]?.elements ?? []) {
            #expect(
                container["volumeMounts"] == [["name": "sb-nfs-volume", "mountPath": "/data", "readOnly": true]]
            )
            #expect(container["env"]?.elements.contains(["name": "SB_NFS_VOLUME", "value": "pvc-1"]) ?? false)
        }
        #expect(pod["containers"]?.elements.first?["env"]?.elements.last?["name"] == "A")
        #expect(spec["template"]?["metadata"]?["labels"]?["mine"] == "yes")
        #expect(spec["template"]?["metadata"]?["labels"]?["nfs.smart-bear.eu/hook"] == "restic")
    }

    @Test func whatAClaimSaysIsNotExpandedByKubelet() {
        let env = manifest(hook).spec?["template"]?["spec"]?["containers"]?.elements.first?["env"]?.elements ?? []
        #expect(env.contains(["name": "SB_NFS_ANNOTATIONS", "value": #"{"note":"$$(HOME) \"quoted\""}"#]))
    }

    @Test func readWriteIsForTheAsking() {
        var hook = hook
        hook.readOnly = false
        let pod = manifest(hook).spec?["template"]?["spec"]
        #expect(pod?["volumes"]?.elements.last?["nfs"]?["readOnly"] == false)
        #expect(pod?["containers"]?.elements.first?["volumeMounts"]?.elements.first?["readOnly"] == false)
    }

    @Test func anAttemptHasOneNameThatFits() {
        let long = HookFacts(
            .sample(),
            hook: String(repeating: "a", count: 42) + "-" + String(repeating: "b", count: 20)
        )
        let name = JobManifest.name(long, number: 12)
        #expect(name == JobManifest.name(long, number: 12))
        #expect(name != JobManifest.name(long, number: 13))
        #expect(name.utf8.count <= 63)
        #expect(Hook.isName(name))
    }
}
