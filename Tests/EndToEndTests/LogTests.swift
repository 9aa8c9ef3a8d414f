import Foundation
import Kubernetes
import TestBed
import Testing

@Suite("What the program logs")
struct LogTests {
    @Test(
        "As JSON every line is an object; an ordinary claim costs two lines, both with its name, its volume and its export"
    )
    func json() async throws {
        try await Scenario.run { scenario in
            let controller = try scenario.startController(["LOG_FORMAT": "json"])
            try await scenario.createClass()
            try await scenario.createClaim("data")
            let volume = try await scenario.boundVolume(of: "data")
            try await eventually("the claim is told of") { controller.log.contains("claim bound") }
            controller.signal(SIGTERM)
            try await eventually("it ends") { !controller.isRunning }
            let lines = try controller.log.split(separator: "\n").map { line in
                let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
                return try #require(object as? [String: Any], "\(line)")
            }
            for line in lines {
                #expect((line["time"] as? String)?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
                #expect(line["level"] is String && line["subsystem"] is String && line["message"] is String)
            }
            let ofClaim = lines.filter { $0["claim"] as? String == "\(scenario.namespace)/data" }
            #expect(ofClaim.map { $0["message"] as? String } == ["volume provisioned", "claim bound"])
            #expect(controller.log.split(separator: "\n").count { $0.contains(volume.key.name) } == 2)
            for line in ofClaim {
                #expect(line["level"] as? String == "info" && line["subsystem"] as? String == "provisioning")
                #expect(line["volume"] as? String == volume.key.name)
                #expect(line["export"] as? String == "\(scenario.bed.nfsServer):\(scenario.share.path())")
            }
            let bound = try #require(ofClaim.last)
            let made = try #require(bound["made.seconds"] as? Double)
            #expect(try #require(bound["bound.seconds"] as? Double) >= made && made >= 0)
            #expect(
                try await bound["asked"] as? String == scenario.claim("data").metadata.creationTimestamp?.description
            )
        }
    }

    @Test("Claims that were Bound before the start are not logged")
    func restart() async throws {
        try await Scenario.run { scenario in
            let first = try scenario.startController()
            try await scenario.createClass()
            try await scenario.createClaim("before")
            _ = try await scenario.boundVolume(of: "before")
            try await eventually("the first tells") { first.log.contains("claim bound") }
            first.signal(SIGTERM)
            try await eventually("it ends") { !first.isRunning }
            let second = try scenario.startController(["LOG_LEVEL": "info,nfs=warning"])
            try await scenario.createClaim("after")
            _ = try await scenario.boundVolume(of: "after")
            try await eventually("the second tells") { second.log.contains("claim bound") }
            #expect(!second.log.contains("claim=\(scenario.namespace)/before"))
        }
    }
}
