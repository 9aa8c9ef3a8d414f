import Synchronization

@testable import ControllerKit

/// An elector at work, with a body that does nothing until it is cancelled.
final class Candidacy: Sendable {
    private struct State {
        var terms = 0
        var endings: [String] = []
        var leadership: Leadership?
    }

    private final class Record: Sendable {
        let state = Mutex(State())
    }

    private let record: Record
    private let task: Task<Void, any Error>

    init(_ elector: LeaderElector) {
        let record = Record()
        self.record = record
        task = Task {
            try await elector.run { leadership in
                record.state.withLock { state in
                    state.terms += 1
                    state.leadership = leadership
                }
                defer { record.state.withLock { $0.endings.append(Task.isCancelled ? "cancelled" : "returned") } }
                try await Task.sleep(for: .seconds(3_600))
            }
        }
    }

    /// How often it has begun to lead.
    var terms: Int { record.state.withLock { $0.terms } }
    /// How each term ended.
    var endings: [String] { record.state.withLock { $0.endings } }
    var leadership: Leadership? { record.state.withLock { $0.leadership } }
    var isLeading: Bool { record.state.withLock { $0.terms > $0.endings.count } }

    func stop() async {
        task.cancel()
        _ = await task.result
    }

    deinit {
        task.cancel()
    }
}
