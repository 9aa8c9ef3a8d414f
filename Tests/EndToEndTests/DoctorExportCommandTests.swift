import Foundation
import TestBed
import Testing

@testable import Commands

@Suite("doctor: checks of real exports", .timeLimit(.minutes(10)))
struct DoctorExportCommandTests {
    private func everything(in folder: URL) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder.path()).sorted()
    }

    @Test(
        "Beside a controller at work nothing has failed; text and JSON say the same; several doctors leave nothing behind"
    )
    func healthy() async throws {
        try await Scenario.run { scenario in
            let controller = try scenario.startController()
            try await scenario.createClass()
            try await scenario.createClaim("data")
            let volume = try await scenario.boundVolume(of: "data")
            let diagnosis = try await scenario.diagnose(code: 0)
            #expect(diagnosis.failures == [])
            let identity = diagnosis.check(.exportIdentity)
            #expect(identity?.sentence.contains("as the cluster's volumes record") == true, "\(identity as Any)")
            let leader = diagnosis.check(.leader)
            #expect(leader?.result == .ok && leader?.sentence.contains("pod-\(scenario.id)_") == true)
            #expect(diagnosis.check(.exportRename)?.result == .ok)

            let texts = try await withThrowingTaskGroup(of: Scenario.ProgramResult.self) { group in
                for _ in 1...4 { group.addTask { try await scenario.doctor([]) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            for text in texts {
                #expect(text.code == 0 && !text.output.contains("\u{1B}"))
                // Room, ports and the default class are the bed's, and change meanwhile.
                let passing: Set<Check.ID> = [.exportSpace, .exportFiles, .exportSource, .defaultClass]
                for check in diagnosis.checks where !passing.contains(check.id) {
                    #expect(text.output.contains(check.sentence), "\(check)\n\(text.output)")
                }
            }
            let left = try everything(in: scenario.share).filter { $0.contains(".doctor") }
            #expect(left == [])
            #expect(try scenario.listing(scenario.share) == [scenario.directory(of: volume).lastPathComponent])
            withExtendedLifetime(controller) {}
        }
    }

    @Test(
        "On a share that no controller has used nothing is left; --read-only does not even write, and says what it skipped"
    )
    func leavesNothing() async throws {
        try await Scenario.run { scenario in
            try await scenario.createClass()
            #expect(try await scenario.diagnose(code: 0).check(.exportClean)?.result == .ok)
            #expect(try everything(in: scenario.share) == [])
            let before = try FileManager.default.attributesOfItem(atPath: scenario.share.path())
            let diagnosis = try await scenario.diagnose("--read-only", code: 0)
            let after = try FileManager.default.attributesOfItem(atPath: scenario.share.path())
            #expect(before[.modificationDate] as? Date == after[.modificationDate] as? Date)
            let writing: [Check.ID] = [
                .exportWritable, .exportSquash, .exportChown, .exportChmod, .exportTypes, .exportRename, .exportClock,
                .exportClean,
            ]
            for id in writing {
                #expect(diagnosis.check(id)?.result == .skipped)
            }
        }
    }

    @Test("Each failing export is named with its cause, and the others are still checked")
    func exports() async throws {
        try await Scenario.run { scenario in
            let server = try await StoppableNFSServer()
            let squashed = URL(filePath: scenario.bed.exportSquash).appending(path: "share-\(scenario.id)")
            try FileManager.default.createDirectory(at: squashed, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: squashed) }
            try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: squashed.path())
            let hung = ["server": scenario.bed.nfsServer, "share": server.export.path()]
            try await scenario.createClass("hung", parameters: hung, mountOptions: server.mountOptions)
            let port = ["server": "127.0.0.1", "share": "/wrong-port"]
            try await scenario.createClass(
                "port",
                parameters: port,
                mountOptions: ["port=1", "mountport=1", "timeo=10"]
            )
            server.pause()
            let places = [
                scenario.bed.exportReadOnly, scenario.bed.exportSquash, squashed.path(), "/no/such/export",
            ]
            let exports = places.map { "127.0.0.1:\($0)" } + ["no-such-host.invalid:/srv"]
            let names = ["ADDITIONAL_EXPORTS": exports.joined(separator: ",")]
            let diagnosis = try await scenario.diagnose(code: 3, names)
            server.resume()

            #expect(diagnosis.failures(of: "127.0.0.1:\(scenario.share.path())") == [])
            #expect(diagnosis.failures(of: exports[0]) == [.exportWritable])
            #expect(diagnosis.failures(of: exports[1]) == [.exportWritable, .exportSquash])
            #expect(diagnosis.failures(of: exports[2]) == [.exportSquash, .exportChown])
            #expect(diagnosis.failures(of: exports[3]) == [.exportMount])
            #expect(diagnosis.failures(of: exports[4]) == [.exportName])
            #expect(diagnosis.failures(of: "127.0.0.1:/wrong-port") == [.exportPort])
            #expect(diagnosis.failures(of: "127.0.0.1:\(server.export.path())") == [.exportPort])
            let silence = diagnosis.check(.exportPort, of: "127.0.0.1:\(server.export.path())")
            #expect(silence?.sentence.contains("accepts connections but does not answer") == true)
            let missing = diagnosis.check(.exportMount, of: exports[3])?.sentence ?? ""
            #expect(missing.contains("it exports") && missing.contains(scenario.bed.exportA), "\(missing)")
            for check in diagnosis.checks {
                #expect((check.remedy != nil) == [.failed, .warning].contains(check.result), "\(check)")
            }
            #expect(try everything(in: squashed) == [] && everything(in: scenario.share) == [])
        }
    }

    @Test("Interrupted, it says so and ends")
    func interrupted() async throws {
        try await Scenario.run { scenario in
            let server = try await StoppableNFSServer()
            server.pause()
            defer { server.resume() }
            let options = server.mountOptions.filter { !$0.hasPrefix("timeo") } + ["timeo=6000"]
            let environment = [
                "KUBECONFIG": scenario.bed.controllerKubeconfig, "PROVISIONER_NAME": scenario.provisioner,
                "NFS_SERVER": scenario.bed.nfsServer, "NFS_PATH": server.export.path(),
                "NFS_MOUNT_OPTIONS": options.joined(separator: ","),
            ]
            let log = scenario.otherShare.appending(path: "doctor.log")
            let doctor = try ControllerProcess(environment: environment, arguments: ["doctor"], log: log)
            // One that comes before it listens is ignored, as the shell has it for what runs in the background.
            try await eventually("it has ended") {
                doctor.signal(SIGINT)
                return !doctor.isRunning
            }
            #expect(doctor.log == "sb-nfs-provisioner: doctor: interrupted before the checks finished\n")
        }
    }
}
