import Foundation
import Kubernetes
import Provisioning
import TestBed
import Testing

@Suite("Bad input gets one clear message, and nothing is left half-done")
struct BadInputTests {
    struct HostileValue: Sendable, CustomTestStringConvertible {
        let value: String
        let sentence: String
        var testDescription: String { String(value.prefix(20)).debugDescription }
    }

    @Test(
        "S1, S2: a hostile annotation makes no directory",
        arguments: [
            HostileValue(value: "..", sentence: "not a file name"),
            HostileValue(value: "../../etc", sentence: "contains a slash"),
            HostileValue(value: "/", sentence: "contains a slash"),
            HostileValue(value: "a\u{0}b", sentence: "control character"),
            HostileValue(value: String(repeating: "x", count: 300), sentence: "300 bytes"),
            HostileValue(value: "", sentence: "has no value"),
            HostileValue(value: ".sb-nfs-provisioner", sentence: "controller's own folder"),
            HostileValue(value: "archived-x", sentence: "among the archives"),
            HostileValue(value: "Archived-x", sentence: "among the archives"),
        ]
    )
    func hostileAnnotation(hostile: HostileValue) async throws {
        try await Scenario.run { scenario in
            let controller = try scenario.startController()
            try await scenario.createClass(parameters: ["pathPattern": "${.PVC.annotations.dir}"])
            try await scenario.createClaim("data", annotations: ["dir": hostile.value])
            try await scenario.expectEvent("ProvisioningFailed", on: "data", saying: hostile.sentence)
            #expect(try scenario.listing(scenario.share) == [])
            #expect(try await scenario.claim("data").status?.phase == .pending)
            withExtendedLifetime(controller) {}
        }
    }

    @Test("S5: a symbolic link, or a file, in the way is refused and not followed", arguments: ["link", "file"])
    func planted(kind: String) async throws {
        try await Scenario.run { scenario in
            let victim = scenario.share.appending(path: "victim")
            try FileManager.default.createDirectory(at: victim, withIntermediateDirectories: true)
            let planted = scenario.share.appending(path: "planted").path()
            if kind == "link" {
                try FileManager.default.createSymbolicLink(atPath: planted, withDestinationPath: victim.path())
            } else {
                try scenario.write("", to: URL(filePath: planted))
            }
            let controller = try scenario.startController()
            try await scenario.createClass("leaf", parameters: ["pathPattern": "planted"])
            try await scenario.createClass("middle", parameters: ["pathPattern": "planted/below"])
            for name in ["leaf", "middle"] {
                try await scenario.createClaim(name, class: name)
                let sentence = kind == "link" ? "is a symbolic link, not a directory" : "is a file, not a directory"
                try await scenario.expectEvent("ProvisioningFailed", on: name, saying: sentence)
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: victim.path()) == [])
            #expect(try scenario.listing(scenario.share) == ["planted", "victim"])
            withExtendedLifetime(controller) {}
        }
    }

    @Test("S4: a directory that is, contains or lies within another volume's is refused, naming it")
    func nested() async throws {
        try await Scenario.run { scenario in
            let controller = try scenario.startController()
            try await scenario.createClass(parameters: ["pathPattern": "a/b"])
            try await scenario.createClaim("first")
            let first = try await scenario.boundVolume(of: "first")
            for (name, pattern) in [("same", "a/b"), ("above", "a"), ("below", "a/b/c")] {
                try await scenario.createClass(name, parameters: ["pathPattern": pattern])
                try await scenario.createClaim(name, class: name)
                try await scenario.expectEvent("ProvisioningFailed", on: name, saying: first.key.name)
            }
            withExtendedLifetime(controller) {}
        }
    }

    @Test("S4, S6: a directory that is or holds another export is refused, naming it")
    func exportWithin() async throws {
        try await Scenario.run { scenario in
            let controller = try scenario.startController()
            let pattern = ["pathPattern": scenario.share.lastPathComponent]
            try await scenario.createClass("above", on: scenario.bed.exportA, parameters: pattern)
            try await scenario.createClaim("greedy", class: "above")
            try await scenario.expectEvent(
                "ProvisioningFailed",
                on: "greedy",
                saying: "is or contains the export \(scenario.bed.nfsServer):\(scenario.share.path())"
            )
            #expect(try FileManager.default.contentsOfDirectory(atPath: scenario.share.path()) == [])
            withExtendedLifetime(controller) {}
        }
    }

    @Test("C5, C6, P4 and exports that refuse: each message names the operation, the object and the remedy")
    func sentences() async throws {
        try await Scenario.run { scenario in
            let controller = try scenario.startController()
            try await scenario.createClass()
            try await scenario.createClass("misspelt", parameters: ["onDelete": "Archive"])
            try await scenario.createClass("unknown", parameters: ["flavour": "x"])
            try await scenario.createClass("readonly", on: scenario.bed.exportReadOnly)
            try await scenario.createClass("squash", on: scenario.bed.exportSquash)
            try await scenario.createClass("absent", on: "/no/such/export")
            try await scenario.createClaim("block") { $0.spec?.volumeMode = .block }
            try await scenario.createClaim("selector") { $0.spec?.selector = LabelSelector(matchLabels: ["a": "b"]) }
            for name in ["misspelt", "readonly", "squash", "absent"] {
                try await scenario.createClaim(name, class: name)
            }

            let expected = [
                "block": "does not support block volume provisioning",
                "selector": "claim Selector is not supported",
                "misspelt": "class parameter onDelete: the value \"Archive\" cannot be used",
                "readonly": "the export is read-only",
                "squash": "permission denied; if the export maps root to nobody (root_squash)",
                "absent": "mount 127.0.0.1:/no/such/export",
            ]
            for (claim, sentence) in expected {
                try await scenario.expectEvent("ProvisioningFailed", on: claim, saying: sentence)
            }
            try await scenario.expectEvent(
                "ParametersNotUnderstood",
                on: scenario.className("unknown"),
                in: "default",
                saying: "flavour"
            )
            #expect(try scenario.listing(scenario.share) == [])
            withExtendedLifetime(controller) {}
        }
    }

    @Test("L7: an unreachable server costs its deadline and a message that names it; other exports keep working")
    func unreachable() async throws {
        try await Scenario.run { scenario in
            let controller = try scenario.startController()
            try await scenario.createClass()
            try await scenario.createClass(
                "away",
                parameters: ["server": "127.0.0.1", "share": "/srv"],
                mountOptions: ["port=1", "mountport=1", "timeo=10", "retrans=0"]
            )
            try await scenario.createClaim("away", class: "away")
            try await scenario.createClaim("data")
            _ = try await scenario.boundVolume(of: "data")
            try await scenario.expectEvent(
                "ProvisioningFailed",
                on: "away",
                saying: "mount 127.0.0.1:/srv: the server 127.0.0.1 cannot be reached"
            )
            withExtendedLifetime(controller) {}
        }
    }
}
