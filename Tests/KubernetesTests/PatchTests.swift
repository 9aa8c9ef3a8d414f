import Foundation
import Testing

@testable import Kubernetes

@Suite("Patches")
struct PatchTests {
    private func text(_ patch: Patch) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(patch.body), as: UTF8.self)
    }

    @Test func aMergePatchCarriesItsPreconditionsInMetadata() throws {
        let patch = Patch.merge(
            ["metadata": ["annotations": ["a/b": nil]], "spec": ["n": 1, "b": true, "l": ["x"]]],
            uid: "u",
            resourceVersion: "7"
        )
        #expect(patch.contentType == "application/merge-patch+json")
        #expect(
            try text(patch)
                == #"{"metadata":{"annotations":{"a/b":null},"resourceVersion":"7","uid":"u"},"#
                + #""spec":{"b":true,"l":["x"],"n":1}}"#
        )
    }

    @Test func aMergePatchWithoutPreconditionsIsItsFields() throws {
        #expect(try text(.merge(["status": ["phase": "Bound"]])) == #"{"status":{"phase":"Bound"}}"#)
    }

    @Test func takingTheLastFinalizerOffLeavesAnEmptyList() throws {
        let patch = Patch.finalizers([], of: ObjectMeta(uid: "u", resourceVersion: "7"))
        #expect(try text(patch) == #"{"metadata":{"finalizers":[],"resourceVersion":"7","uid":"u"}}"#)
    }

    @Test func oneFinalizerIsTakenOffByItsName() throws {
        let patch = Patch.removingFinalizer("a.example.com/f", uid: "u")
        #expect(patch.contentType == "application/strategic-merge-patch+json")
        #expect(
            try text(patch)
                == #"{"metadata":{"$deleteFromPrimitiveList/finalizers":["a.example.com/f"],"uid":"u"}}"#
        )
    }

    @Test func aJSONPatchIsAListOfOperations() throws {
        let patch = Patch.json([
            .test(path: "/a", value: 1), .test(path: "/b", value: nil), .remove(path: "/d"),
        ])
        #expect(patch.contentType == "application/json-patch+json")
        #expect(
            try text(patch)
                == #"[{"op":"test","path":"/a","value":1},{"op":"test","path":"/b","value":null},"#
                + #"{"op":"remove","path":"/d"}]"#
        )
    }
}
