import Testing

@testable import Kubernetes

@Suite("Label selectors")
struct LabelSelectorTests {
    @Test(
        arguments: [
            ("In", ["db", "web"], "db", true), ("In", ["web"], "db", false), ("In", ["db"], nil, false),
            ("NotIn", ["web"], "db", true), ("NotIn", ["db"], "db", false), ("NotIn", ["db"], nil, true),
            ("Exists", nil, "db", true), ("Exists", nil, nil, false), ("DoesNotExist", nil, "db", false),
            ("DoesNotExist", nil, nil, true), ("Near", ["db"], "db", false),
        ] as [(String, [String]?, String?, Bool)]
    )
    func aConditionIsJudgedAsTheAPIServerDoes(
        condition: String,
        values: [String]?,
        value: String?,
        matches: Bool
    ) {
        let requirement = LabelSelector.Requirement(key: "app", operator: condition, values: values)
        let selector = LabelSelector(matchExpressions: [requirement])
        #expect(selector.matches(value.map { ["app": $0] } ?? [:]) == matches)
    }

    @Test func everyConditionHasToBeMet() {
        let exists = LabelSelector.Requirement(key: "b", operator: "Exists")
        let selector = LabelSelector(matchLabels: ["a": "1"], matchExpressions: [exists])
        #expect(selector.matches(["a": "1", "b": "2"]))
        #expect(!selector.matches(["a": "1"]))
        #expect(!selector.matches(["b": "2"]))
        #expect(LabelSelector().matches([:]))
    }
}
