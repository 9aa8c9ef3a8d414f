import Testing

@testable import Kubernetes

@Suite("Repeated events")
struct EventLogTests {
    private let object = ObjectReference(kind: "PersistentVolume", name: "v", uid: "u", resourceVersion: "1")
    private let key = ObjectKey(namespace: "default", name: "v.1")
    private let start = Timestamp(seconds: 1000)

    private func note(_ message: String = "m", reason: String = "R", on object: ObjectReference) -> EventLog.Note {
        EventLog.Note(object: object, type: .warning, reason: reason, message: message)
    }

    @Test func aRepeatRaisesTheCountOfTheFirst() {
        var log = EventLog()
        #expect(log.repeated(note(on: object), at: start) == nil)
        log.made(note(on: object), key, at: start)
        var changed = object
        changed.resourceVersion = "2"
        #expect(log.repeated(note(on: changed), at: start)?.count == 2)
        #expect(log.repeated(note(on: object), at: start)?.count == 3)
        #expect(log.repeated(note(on: object), at: start)?.key == key)
    }

    @Test func otherWordsOrAnotherObjectAreNoRepeat() {
        var log = EventLog()
        log.made(note(on: object), key, at: start)
        #expect(log.repeated(note("other", on: object), at: start) == nil)
        #expect(log.repeated(note(reason: "Other", on: object), at: start) == nil)
        var reborn = object
        reborn.uid = "u2"
        #expect(log.repeated(note(on: reborn), at: start) == nil)
    }

    @Test func tenMinutesAfterTheLastARepeatIsNewsAgain() {
        var log = EventLog()
        log.made(note(on: object), key, at: start)
        #expect(log.repeated(note(on: object), at: Timestamp(seconds: 1600))?.count == 2)
        #expect(log.repeated(note(on: object), at: Timestamp(seconds: 2200))?.count == 3)
        #expect(log.repeated(note(on: object), at: Timestamp(seconds: 2801)) == nil)
    }

    @Test func theOldestIsForgottenFirst() {
        var log = EventLog(capacity: 2)
        for message in ["a", "b", "a", "c"] { log.made(note(message, on: object), key, at: start) }
        #expect(log.repeated(note("a", on: object), at: start) == nil)
        #expect(log.repeated(note("b", on: object), at: start) != nil)
        #expect(log.repeated(note("c", on: object), at: start) != nil)
    }

    @Test(arguments: ["v", String(repeating: "a", count: 253), String(repeating: "a", count: 236) + "..-b"])
    func anEventsNameIsAlwaysOneTheServerTakes(object: String) throws {
        let name = eventName(object)
        #expect(name.utf8.count <= 253)
        #expect(name.wholeMatch(of: /[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/) != nil)
        #expect(object.hasPrefix(name.prefix { $0 != "." }))
    }

    @Test func aMessageIsCutBetweenCharacters() {
        #expect("añb".cut(toBytes: 4) == "añb")
        #expect("añb".cut(toBytes: 3) == "añ")
        #expect("añb".cut(toBytes: 2) == "a")
    }
}
