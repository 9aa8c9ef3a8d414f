import Backup
import Foundation
import Kubernetes
import Provisioning
import Subprocess
import SystemPackage
import TestBed
import Testing

@Suite("Backup hooks, run by the program")
struct HookTests {
    private func shell(_ script: String, _ environment: [String: String]) async throws -> String {
        let result = try await Subprocess.run(
            .path("/bin/sh"),
            arguments: ["-euc", script],
            environment: .inherit.updating(
                Dictionary(uniqueKeysWithValues: environment.map { (.init(stringLiteral: $0.key), $0.value) })
            ),
            output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20)
        )
        #expect(result.terminationStatus.isSuccess, "\(result.standardError)")
        return result.standardOutput
    }

    /// The recipe of docs/hooks.md.
    private func resticRecipe() throws -> String {
        let page = try String(contentsOf: ManifestTools.repository.appending(path: "docs/hooks.md"), encoding: .utf8)
        let examples = page.matches(of: /(?ms)^```yaml\n(.*?)^```$/).map { String($0.1) }
        return try #require(examples.first { $0.contains("name: restic\n") })
    }

    @Test("The documented restic recipe backs up two volumes; each is found by its tag and unpacked as it was")
    func restic() async throws {
        try await Scenario.run { scenario in
            let place = scenario.otherShare.path()
            let password = scenario.otherShare.appending(path: "password")
            try "correct-horse-\(scenario.id)".write(to: password, atomically: false, encoding: .utf8)
            let environment = ["RESTIC_REPOSITORY": "\(place)/repository", "RESTIC_PASSWORD_FILE": password.path()]
            _ = try await shell("restic init --no-cache", environment)
            let configuration = try scenario.configuration(try resticRecipe())
            let controller = try scenario.startController(environment, configuration: configuration)
            try await scenario.createClass()
            var volumes: [PersistentVolume] = []
            for name in ["data", "more"] {
                try await scenario.createClaim(name, annotations: [AnnotationKey.backup: "required"])
                let volume = try await scenario.boundVolume(of: name)
                volumes.append(volume)
                _ = try await shell(
                    """
                    cd "$DIRECTORY"; mkdir -p a/b "name with blanks"; echo "$NAME" >a/b/file; ln -s ../a link
                    head -c 3000000 /dev/urandom >"name with blanks/blob"; ln a/b/file hard; chmod 640 a/b/file
                    """,
                    ["DIRECTORY": scenario.directory(of: volume).path(), "NAME": name]
                )
                try await scenario.deleteClaim(name)
                try await scenario.expectGone(volume)
            }
            for volume in volumes {
                try await scenario.expectEvent(
                    "HookSucceeded",
                    on: volume.key.name,
                    in: "default",
                    saying: "hook restic (beforeArchive)"
                )
                let result = try #require(try scenario.archiveRecord(of: volume).hooks?.first)
                #expect(result.outcome == .succeeded && result.exitCode == 0 && (result.bytes ?? 0) > 3_000_000)
                let difference = try await shell(
                    """
                    mkdir "$PLACE/$VOLUME"
                    restic dump --no-cache --tag "volume=$VOLUME" latest "$VOLUME.tar" | tar -x -C "$PLACE/$VOLUME"
                    diff -r --no-dereference "$ARCHIVE" "$PLACE/$VOLUME"; stat -c %a "$PLACE/$VOLUME/a/b/file"
                    """,
                    environment.merging([
                        "PLACE": place, "ARCHIVE": scenario.archive(of: volume).path(), "VOLUME": volume.key.name,
                    ]) { $1 }
                )
                #expect(difference == "640\n")
                let record = ".sb-nfs-provisioner/archives/\(volume.key.name).json"
                let told = try String(contentsOf: scenario.share.appending(path: record), encoding: .utf8)
                #expect(!told.contains("correct-horse"))
            }
            let kept = try await shell(
                "restic forget --no-cache --group-by paths --keep-last 1 --prune >&2; restic list --no-cache snapshots",
                environment
            )
            #expect(kept.split(separator: "\n").count == 2)
            #expect(!controller.log.contains("correct-horse"))
            withExtendedLifetime(controller) {}
        }
    }

    @Test("Without any backup tool the tree is copied to another export before it is archived, and tar unpacks it")
    func copy() async throws {
        try await Scenario.run { scenario in
            let configuration = try scenario.copyConfiguration()
            let controller = try scenario.startController(configuration: configuration)
            try await scenario.createClass()
            try await scenario.createClaim("data", annotations: [AnnotationKey.backup: "required"])
            let volume = try await scenario.boundVolume(of: "data")
            let directory = scenario.directory(of: volume).path()
            _ = try await shell(
                #"cd "$DIRECTORY"; mkdir a; head -c 3000000 /dev/urandom >a/blob; ln -s a/blob link"#,
                ["DIRECTORY": directory]
            )
            try await scenario.deleteClaim("data")
            try await scenario.expectGone(volume)
            let record = try scenario.archiveRecord(of: volume)
            let result = try #require(record.hooks?.first)
            #expect(result.outcome == .succeeded && result.kind == .copy && (result.bytes ?? 0) > 3_000_000)
            #expect(!record.lacksBackup)
            let folder = scenario.otherShare.appending(path: "\(scenario.namespace)-data").path()
            let seen = try await shell(
                """
                cd "$FOLDER"; mkdir again; tar --zstd -xf "$VOLUME"-*.tar.zst -C again
                diff -r --no-dereference "$ARCHIVE" again; sha256sum "$VOLUME"-*.tar.zst | cut -c 1-64
                """,
                ["FOLDER": folder, "VOLUME": volume.key.name, "ARCHIVE": scenario.archive(of: volume).path()]
            )
            #expect(result.message.contains("SHA-256 \(seen.dropLast())"), "\(result.message)")
            withExtendedLifetime(controller) {}
        }
    }

    @Test("A failing hook leaves the data in place and says so; once it succeeds the volume is archived")
    func failing() async throws {
        try await Scenario.run { scenario in
            let flag = scenario.otherShare.appending(path: "backup-works")
            let configuration = try scenario.configuration(
                """
                hooks:
                  - name: check
                    phase: beforeArchive
                    exec: {command: [test, -e, "\(flag.path())"]}
                """
            )
            let controller = try scenario.startController(configuration: configuration)
            try await scenario.createClass()
            try await scenario.createClaim("data")
            let volume = try await scenario.boundVolume(of: "data")
            try await scenario.deleteClaim("data")
            try await scenario.expectEvent(
                "VolumeFailedDelete",
                on: volume.key.name,
                in: "default",
                saying: "hook check (beforeArchive) failed"
            )
            try await scenario.expectEvent("HookFailed", on: volume.key.name, in: "default", saying: "hook check")
            #expect(FileManager.default.fileExists(atPath: scenario.directory(of: volume).path()))
            #expect(try await scenario.volume(volume.key.name)?.status?.phase == .released)
            try scenario.write("", to: flag)
            try await scenario.expectGone(volume)
            #expect(try scenario.archiveRecord(of: volume).hooks?.first?.attempts ?? 0 > 1)
            withExtendedLifetime(controller) {}
        }
    }

    @Test("Data without its required backup is archived, and an event says that it is never purged")
    func missing() async throws {
        try await Scenario.run { scenario in
            let controller = try scenario.startController()
            try await scenario.createClass(parameters: ["onDelete": "delete", "backup": "required"])
            try await scenario.createClaim("data")
            let volume = try await scenario.boundVolume(of: "data")
            try await scenario.deleteClaim("data")
            try await scenario.expectEvent(
                "BackupMissing",
                on: volume.key.name,
                in: "default",
                saying: "needs a backup, but no hook has made one"
            )
            let arguments = ["archive", "purge", volume.key.name, "--yes", "--reason", "r"]
            let purge = try await scenario.run(arguments)
            #expect(purge.code == 1 && purge.error.contains("needs a backup"))
            #expect(try await scenario.run(arguments + ["--without-backup"]).code == 0)
            withExtendedLifetime(controller) {}
        }
    }

    @Test("Endless output, hangs and crashes of hooks are in the record, events and log, in bounded memory")
    func unruly() async throws {
        try await Scenario.run { scenario in
            let configuration = try scenario.configuration(
                """
                hooks:
                  - name: loud
                    phase: beforeArchive
                    timeout: 2m
                    exec: {command: [sh, -c, 'head -c 100000000 /dev/zero | tr "\\0" x; echo; echo the end']}
                  - {name: hanging, phase: beforeArchive, timeout: 1s, onError: Continue, exec: {command: [sleep, 1h]}}
                  - name: killed
                    phase: beforeArchive
                    onError: Continue
                    exec: {command: [sh, -c, "echo out of memory >&2; exit 137"]}
                """
            )
            let controller = try scenario.startController(configuration: configuration)
            try await scenario.createClass()
            try await scenario.createClaim("data")
            let volume = try await scenario.boundVolume(of: "data")
            let memory = try peakMemory(of: controller)
            try await scenario.deleteClaim("data")
            try await scenario.expectGone(volume)
            #expect(try peakMemory(of: controller) - memory < 50_000)

            let results = try #require(try scenario.archiveRecord(of: volume).hooks)
            #expect(results.map(\.name) == ["loud", "hanging", "killed"])
            #expect(results.map(\.outcome) == [.succeeded, .timedOut, .failed])
            #expect(results.map(\.exitCode) == [0, 143, 137])
            #expect(results[0].output?.hasSuffix("x\nthe end") == true && results[0].output?.utf8.count ?? .max <= 4096)
            #expect(results[2].output == "out of memory")
            for sentence in [
                "hook hanging (beforeArchive): sleep did not end within 1s and was stopped",
                "hook killed (beforeArchive): sh exited with code 137",
            ] {
                try await scenario.expectEvent("HookFailed", on: volume.key.name, in: "default", saying: sentence)
            }
            #expect(controller.log.contains("hook timedOut") && controller.log.contains("sh exited with code 137"))
            #expect(controller.log.utf8.count < 100_000)
        }
    }

    /// The most memory that a controller had so far, in KiB.
    private func peakMemory(of controller: ControllerProcess) throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(controller.pid)/status", encoding: .utf8)
        return try #require(status.firstMatch(of: /VmHWM:\s+(\d+) kB/).flatMap { Int($0.1) })
    }

    @Test("Mistakes in hooks and their templates are refused at start, each with its line")
    func mistakes() async throws {
        try await Scenario.run { scenario in
            let configuration = try scenario.configuration(
                """
                hooks:
                  - name: tape
                    phase: beforeArchive
                    job:
                      template:
                        spec: {containers: tape}
                  - name: tell
                    phase: beforeArchiv
                    http: {url: "http://backup"}
                """
            )
            let result = try await scenario.run(["controller", "--config", configuration])
            #expect(result.code == 2)
            for line in [5, 8, 9] {
                #expect(result.error.contains("\(configuration), line \(line), "), "\(result.error)")
            }
            let broken = try scenario.configuration("hooks:\n  - name: tape\n    job: {template: [}\n")
            let refused = try await scenario.run(["controller", "--config", broken])
            #expect(refused.code == 2 && refused.error.contains("\(broken), line 3, is not YAML"), "\(refused.error)")
        }
    }

    @Test("A hook after provisioning runs when the claim is bound, and only once")
    func afterProvision() async throws {
        try await Scenario.run { scenario in
            let log = scenario.otherShare.appending(path: "hooks.log")
            let script = #"echo "$SB_NFS_CLAIM_NAME $SB_NFS_PATH" >>\#(log.path())"#
            let configuration = try scenario.configuration(
                """
                hooks:
                  - name: tell
                    phase: afterProvision
                    exec: {command: [sh, -c, '\(script)']}
                """
            )
            let first = try scenario.startController(configuration: configuration)
            try await scenario.createClass()
            try await scenario.createClaim("data")
            let volume = try await scenario.boundVolume(of: "data")
            let line = "data \(scenario.directory(of: volume).path())\n"
            try await eventually("the hook has run") { (try? scenario.read(log)) == line }
            try await eventually("the volume waits for no hook any more") {
                try await scenario.volume(volume.key.name)?.metadata.annotations?[AnnotationKey.pendingHooks] == nil
            }
            first.signal(SIGKILL)
            let second = try scenario.startController(configuration: configuration)
            try await scenario.createClaim("other")
            _ = try await scenario.boundVolume(of: "other")
            try await eventually("the other claim's hook has run") { try scenario.read(log).contains("other ") }
            #expect(try scenario.read(log).hasPrefix(line) && scenario.read(log).split(separator: "\n").count == 2)
            withExtendedLifetime(second) {}
        }
    }

    @Test("The next controller finds the Job that backs up the archive, and creates no other")
    func job() async throws {
        try await Scenario.run { scenario in
            try await PlayedKubelet.withNode(scenario.admin, log: "snapshot saved\n") { kubelet in
                let configuration = try scenario.configuration(
                    """
                    hooks:
                      - name: tape
                        phase: afterArchive
                        job:
                          template:
                            spec:
                              nodeName: \(kubelet.node)
                              containers: [{name: c, image: tape, command: [tape, /data]}]
                    """
                )
                let changes = ["ENABLE_LEADER_ELECTION": "false"]
                let first = try scenario.startController(changes, configuration: configuration)
                try await scenario.createClass()
                try await scenario.createClaim("data")
                let volume = try await scenario.boundVolume(of: "data")
                try await scenario.deleteClaim("data")
                let namespace = scenario.bed.podNamespace
                func jobs() async throws -> [Job] {
                    try await scenario.admin.api(Job.self).page(namespace: namespace).items
                        .filter { "\($0)".contains(volume.key.name) }
                }
                try await eventually("the Job is there") { try await jobs().count == 1 }
                first.signal(SIGKILL)
                let second = try scenario.startController(changes, configuration: configuration)
                let job = try #require(try await jobs().first)
                try await kubelet.endPod(of: job.key.name, in: namespace, exitCode: 0)
                try await scenario.expectGone(volume)
                #expect(try await jobs().count == 1)
                let result = try #require(try scenario.archiveRecord(of: volume).hooks?.first)
                #expect(result.outcome == .succeeded && result.kind == .job)
                #expect(result.output?.contains("snapshot saved") == true)
                withExtendedLifetime(second) {}
            }
        }
    }
}
