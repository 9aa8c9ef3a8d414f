import Foundation
import NIOCore
import Testing

@testable import Kubernetes

@Suite("Reading a watch's events")
struct WatchEventTests {
    private func event(_ json: String) -> WatchEvent<StorageClass> {
        WatchEvent(ByteBuffer(string: json), decoder: JSONDecoder())
    }

    @Test(arguments: ["ADDED", "MODIFIED", "DELETED"])
    func anObjectIsReadAsItsType(type: String) {
        let event = event(#"{"type":"\#(type)","object":{"metadata":{"name":"a"},"provisioner":"p"}}"#)
        switch (type, event) {
        case ("ADDED", .added(let object)), ("MODIFIED", .modified(let object)), ("DELETED", .deleted(let object)):
            #expect(object.key.name == "a")
        default:
            Issue.record("\(type) was read as \(event)")
        }
    }

    @Test func aBookmarkNeedsNoMoreThanAResourceVersion() {
        guard case .bookmark("12") = event(#"{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"12"}}}"#)
        else {
            Issue.record("not a bookmark")
            return
        }
    }

    @Test func anErrorIsAStatus() {
        let json = #"{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old"}}"#
        guard case .error(let status) = event(json) else {
            Issue.record("not an error")
            return
        }
        #expect(KubernetesError(status: status).code == .gone)
    }

    @Test(arguments: [
        (
            #"{"type":"ADDED","object":{"metadata":{"name":"a","resourceVersion":"5"},"provisioner":1}}"#, "a", "5",
            "ADDED: object.provisioner"
        ),
        (
            #"{"type":"ADDED","object":{"metadata":{"resourceVersion":"5"}}}"#, nil, "5",
            "ADDED: object.provisioner is missing"
        ),
        (#"{"type":"DELETED","object":{"metadata":{"name":"a"}}}"#, "a", nil, "DELETED: object.provisioner is missing"),
        (#"{"type":"ADDED","object":[]}"#, nil, nil, "ADDED"),
        (#"{"type":"BOOKMARK","object":{}}"#, nil, nil, "a bookmark without"),
        (#"{"type":"RENAMED","object":{}}"#, nil, nil, "“RENAMED”"),
        (#"{"object":{}}"#, nil, nil, "type is missing"),
        (#"{"type":"ADDED","obj"#, nil, nil, "it is malformed"),
    ])
    func whatCannotBeReadKeepsItsNameAndResourceVersionIfItHasThem(
        json: String,
        name: String?,
        version: String?,
        reason: String
    ) {
        guard case .undecodable(let object, let isDeleted) = event(json) else {
            Issue.record("was read")
            return
        }
        #expect(object.key?.name == name)
        #expect(object.resourceVersion == version)
        #expect(object.reason.hasPrefix(reason))
        #expect(isDeleted == reason.hasPrefix("DELETED"))
    }
}
