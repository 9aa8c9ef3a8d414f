import Kubernetes
import Testing

@testable import Provisioning

@Suite("Exports that not all nodes can reach (C8)")
struct TopologyTests {
    private static let zone = "topology.kubernetes.io/zone"
    private let topology = Topology(terms: [[zone: ["a", "b"]]])

    private func allowed(_ values: [String], _ key: String = zone) -> TopologySelectorTerm {
        TopologySelectorTerm(matchLabelExpressions: [TopologySelectorTerm.Requirement(key: key, values: values)])
    }

    @Test func aNodeHasToHaveAllLabelsOfOneTerm() {
        let topology = Topology(terms: [[Self.zone: ["a"], "rack": ["1"]], [Self.zone: ["b"]]])
        #expect(topology.admits([Self.zone: "a", "rack": "1", "os": "linux"]))
        #expect(topology.admits([Self.zone: "b"]))
        #expect(!topology.admits([Self.zone: "a"]))
        #expect(!topology.admits([:]))
    }

    @Test func aClassNarrowsIt() {
        #expect(topology.narrowed(to: []) == topology)
        #expect(topology.narrowed(to: [allowed(["b", "c"])]) == Topology(terms: [[Self.zone: ["b"]]]))
        #expect(
            topology.narrowed(to: [allowed(["1"], "rack")])
                == Topology(terms: [[Self.zone: ["a", "b"], "rack": ["1"]]])
        )
        #expect(
            topology.narrowed(to: [allowed(["a"]), allowed(["b"]), allowed(["c"])])
                == Topology(terms: [[Self.zone: ["a"]], [Self.zone: ["b"]]])
        )
        #expect(topology.narrowed(to: [allowed(["c"])]) == nil)
    }

    @Test("A volume says from where it can be reached; a class that allows no such node is refused")
    func plan() throws {
        var settings = ClaimVerdictTests.settings
        settings.topologies = [try #require(settings.export): topology]
        guard case .provision(let plan) = ClaimVerdictTests.verdict(settings: settings) else {
            Issue.record("no plan")
            return
        }
        let requirement = VolumeNodeAffinity.Requirement(key: Self.zone, operator: "In", values: ["a", "b"])
        let terms = [VolumeNodeAffinity.Term(matchExpressions: [requirement])]
        #expect(plan.volume.spec?.nodeAffinity?.required?.nodeSelectorTerms == terms)

        let elsewhere = ClaimVerdictTests.storageClass { $0.allowedTopologies = [allowed(["c"])] }
        guard
            case .reject(let reason) = ClaimVerdictTests.verdict(
                ClaimVerdictTests.claim(),
                elsewhere,
                settings: settings
            )
        else {
            Issue.record("not rejected")
            return
        }
        #expect(reason.contains("topology.kubernetes.io/zone in (a, b)"))
    }

    @Test("Without a topology of the export, a class' allowedTopologies are the scheduler's business")
    func none() {
        let storageClass = ClaimVerdictTests.storageClass { $0.allowedTopologies = [allowed(["c"])] }
        guard case .provision(let plan) = ClaimVerdictTests.verdict(ClaimVerdictTests.claim(), storageClass) else {
            Issue.record("no plan")
            return
        }
        #expect(plan.volume.spec?.nodeAffinity == nil)
    }
}
