import TestBed
import Testing

@testable import ControllerKit

/// Each test is a history: what happened, and what the reflector must do about it.
@Suite struct ReflectorStateTests {
    private typealias Failure = ReflectorState.Failure
    private typealias List = ReflectorState.ListRequest

    /// A reflector without chance in its pauses, at a time the test sets.
    private struct Subject {
        var state = ReflectorState(backoff: Backoff(initial: .seconds(1), maximum: .seconds(30), jitter: 0))
        var now = Duration.seconds(1_000)
        private var generator = SeededGenerator(seed: 1)

        mutating func callAsFunction(_ input: ReflectorState.Input) -> ReflectorState.Action {
            state.next(input, at: now, using: &generator)
        }

        /// Lists and watches from version 100.
        static func watching() -> Subject {
            var subject = Subject()
            _ = subject(.ready)
            _ = subject(.page(resourceVersion: "100", continueToken: nil))
            _ = subject(.ready)
            return subject
        }
    }

    private let other = ReflectorState.Input.failed(Failure(kind: .other))
    private let expired = ReflectorState.Input.failed(Failure(kind: .expired))
    private let tooNew = ReflectorState.Input.failed(Failure(kind: .tooNew))

    @Test func `the first list reads the most recent state, page by page, and is adopted whole`() {
        var reflector = Subject()
        #expect(reflector(.ready) == .list(List(limit: 500)))
        for token in ["t1", "t2"] {
            let action = reflector(.page(resourceVersion: "100", continueToken: token))
            #expect(action == .list(List(limit: 500, continueToken: token)))
        }
        #expect(reflector(.page(resourceVersion: "100", continueToken: "")) == .adopt(resourceVersion: "100"))
        #expect(reflector(.ready) == .watch(resourceVersion: "100"))
    }

    @Test func `a failed page starts the list again after a pause`() {
        var reflector = Subject()
        _ = reflector(.ready)
        _ = reflector(.page(resourceVersion: "100", continueToken: "t1"))
        #expect(reflector(other) == .pause(.seconds(1)))
        #expect(reflector(.ready) == .list(List(limit: 500)))
    }

    @Test func `a page token that has expired starts the list again, at once the first time`() {
        var reflector = Subject()
        _ = reflector(.ready)
        _ = reflector(.page(resourceVersion: "100", continueToken: "t1"))
        #expect(reflector(expired) == .list(List(limit: 500)))
        _ = reflector(.page(resourceVersion: "101", continueToken: "t2"))
        #expect(reflector(expired) == .pause(.seconds(1)))
        #expect(reflector(.ready) == .list(List(limit: 500)))
    }

    @Test func `a list without a version is a failure`() {
        var reflector = Subject()
        _ = reflector(.ready)
        #expect(reflector(.page(resourceVersion: "", continueToken: nil)) == .pause(.seconds(1)))
        #expect(reflector(.ready) == .list(List(limit: 500)))
    }

    @Test func `L3: a watch that ends is followed at once by the next, from the last event or bookmark`() {
        var reflector = Subject.watching()
        reflector.state.received("105")
        reflector.state.received("120")
        reflector.state.received("110")
        reflector.state.received("")
        #expect(reflector(.watchEnded) == .watch(resourceVersion: "120"))
    }

    @Test func `a watch that ends empty is followed at once if it lasted`() {
        var reflector = Subject.watching()
        reflector.now += .seconds(1)
        #expect(reflector(.watchEnded) == .watch(resourceVersion: "100"))
    }

    @Test func `a very short and empty watch is a failure`() {
        var reflector = Subject.watching()
        reflector.now += .milliseconds(999)
        #expect(reflector(.watchEnded) == .pause(.seconds(1)))
        #expect(reflector.state.isFailing)
        #expect(reflector(.ready) == .watch(resourceVersion: "100"))
    }

    @Test func `a failed watch goes on from where it was`() {
        var reflector = Subject.watching()
        reflector.state.received("120")
        #expect(reflector(other) == .pause(.seconds(1)))
        #expect(reflector(.ready) == .watch(resourceVersion: "120"))
    }

    @Test func `L3: a version that has expired asks for a list not older, whole`() {
        var reflector = Subject.watching()
        reflector.state.received("120")
        #expect(reflector(expired) == .list(List(notOlderThan: "120")))
        #expect(!reflector.state.isFailing)
        #expect(reflector(.page(resourceVersion: "150", continueToken: nil)) == .adopt(resourceVersion: "150"))
        #expect(reflector(.ready) == .watch(resourceVersion: "150"))
    }

    @Test func `versions that expire again and again are paused for`() {
        var reflector = Subject.watching()
        _ = reflector(expired)
        _ = reflector(.page(resourceVersion: "150", continueToken: nil))
        _ = reflector(.ready)
        #expect(reflector(expired) == .pause(.seconds(1)))
        #expect(reflector(.ready) == .list(List(notOlderThan: "150")))
        #expect(!reflector.state.isFailing)
    }

    @Test(arguments: [true, false])
    func `a list refused for its version is asked for once more, most recent`(isExpired: Bool) {
        var reflector = Subject.watching()
        _ = reflector(expired)
        #expect(reflector(isExpired ? expired : tooNew) == .list(List(limit: 500)))
        #expect(reflector(other) == .pause(.seconds(1)))
        #expect(reflector(.ready) == .list(List(limit: 500)))
    }

    @Test(arguments: [ReflectorState.Failure.Kind.other, .undecodable, .tooLarge])
    func `a list in one piece that fails is asked for in pages after a pause`(kind: ReflectorState.Failure.Kind) {
        var reflector = Subject.watching()
        _ = reflector(expired)
        #expect(reflector(.failed(Failure(kind: kind))) == .pause(.seconds(1)))
        #expect(reflector(.ready) == .list(List(limit: 500)))
    }

    @Test func `pages that are too large are halved from the first on, down to ten objects`() {
        var reflector = Subject()
        _ = reflector(.ready)
        _ = reflector(.page(resourceVersion: "100", continueToken: "t1"))
        for limit in [250, 125, 62, 31, 15, 10, 10] {
            guard case .pause = reflector(.failed(Failure(kind: .tooLarge))) else {
                Issue.record("no pause")
                return
            }
            #expect(reflector(.ready) == .list(List(limit: limit)))
        }
        let next = reflector(.page(resourceVersion: "100", continueToken: "t1"))
        #expect(next == .list(List(limit: 10, continueToken: "t1")))
        _ = reflector(other)
        #expect(reflector(.ready) == .list(List(limit: 10)))
    }

    @Test func `an event too large to read asks for a list`() {
        var reflector = Subject.watching()
        #expect(reflector(.failed(Failure(kind: .tooLarge))) == .pause(.seconds(1)))
        #expect(reflector(.ready) == .list(List(notOlderThan: "100")))
    }

    @Test func `a list older than what was seen is not adopted`() {
        var reflector = Subject.watching()
        reflector.state.received("120")
        _ = reflector(expired)
        #expect(reflector(.page(resourceVersion: "110", continueToken: nil)) == .list(List(limit: 500)))
    }

    @Test func `the most recent list is adopted though it is older: the cluster was restored`() {
        var reflector = Subject.watching()
        _ = reflector(expired)
        _ = reflector(tooNew)
        #expect(reflector(.page(resourceVersion: "50", continueToken: nil)) == .adopt(resourceVersion: "50"))
        #expect(reflector(.ready) == .watch(resourceVersion: "50"))
    }

    @Test func `an object that cannot be read is skipped, three in a row ask for a list`() {
        var reflector = Subject.watching()
        #expect(reflector.state.receivedUndecodable("101") == false)
        #expect(reflector.state.receivedUndecodable("102") == false)
        reflector.state.received("103")
        #expect(reflector.state.receivedUndecodable("104") == false)
        #expect(reflector.state.receivedUndecodable(nil) == false)
        #expect(reflector.state.receivedUndecodable("106") == true)
        #expect(reflector(.failed(Failure(kind: .undecodable))) == .pause(.seconds(1)))
        #expect(reflector(.ready) == .list(List(notOlderThan: "106")))
    }

    @Test func `pauses grow while failures follow each other, and start anew after two good minutes`() {
        var reflector = Subject.watching()
        for seconds in [1, 2, 4, 8, 16, 30, 30] {
            #expect(reflector(other) == .pause(.seconds(seconds)))
            reflector.now += .seconds(seconds)
            #expect(reflector(.ready) == .watch(resourceVersion: "100"))
        }
        reflector.now += .seconds(89)
        #expect(reflector(other) == .pause(.seconds(30)))
        reflector.now += .seconds(120)
        #expect(reflector(other) == .pause(.seconds(1)))
    }

    @Test func `the API server may ask for a longer pause, not for a shorter one`() {
        var reflector = Subject.watching()
        #expect(reflector(.failed(Failure(kind: .other, retryAfter: .seconds(7)))) == .pause(.seconds(7)))
        _ = reflector(.ready)
        #expect(reflector(.failed(Failure(kind: .other, retryAfter: .seconds(1)))) == .pause(.seconds(2)))
    }

    @Test func `an outage lasts from the first failure to the next page, event or full watch`() {
        var reflector = Subject.watching()
        #expect(!reflector.state.isFailing)
        _ = reflector(other)
        _ = reflector(.ready)
        #expect(reflector.state.isFailing)
        reflector.state.received("101")
        #expect(!reflector.state.isFailing)

        _ = reflector(other)
        _ = reflector(.ready)
        reflector.now += .seconds(300)
        _ = reflector(.watchEnded)
        #expect(!reflector.state.isFailing)
    }
}
