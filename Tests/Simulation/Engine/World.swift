import Kubernetes
import NFS

/// Everything that one history happens in: a share, a cluster, processes, and their calls that wait for their turn.
final class World: @unchecked Sendable {
    // @unchecked: all of it is touched by one thread alone, the one that runs the history; see DeterministicExecutor.

    /// What outlives processes.
    struct State: Sendable {
        var share: SimulatedFileSystem
        var cluster = SimulatedCluster()
    }

    private(set) var state: State
    let executor = DeterministicExecutor()
    private(set) var pending: [PendingCall] = []
    private var dead: Set<Int> = []
    private var fault = FaultState()
    /// A digest of what each operation was answered; in one process they may tell each other, and have one in common.
    private var observed: [Int]
    private let sharesObservations: [Int]
    private var numbers: [UInt64]
    private let start: ContinuousClock.Instant = .now
    /// What was done, if it is to be shown.
    var trace: [String]?
    let names: [String]
    /// What the operations say of themselves; nil while they have not ended.
    private(set) var outcomes: [String?]
    private var transports: [Int: SimulatedTransport] = [:]

    /// - Parameters:
    ///   - state: What there is at the beginning.
    ///   - operations: Their names and processes.
    ///   - isRecorded: Whether the steps are written down.
    init(_ state: State, operations: [(name: String, process: Int)], isRecorded: Bool) {
        self.state = state
        names = operations.map(\.name)
        outcomes = operations.map { _ in nil }
        sharesObservations = operations.map { $0.process }
        observed = Array(repeating: 0, count: (operations.map(\.process).max() ?? 0) + 1)
        numbers = Array(repeating: 0, count: operations.count + 1)
        trace = isRecorded ? [] : nil
    }

    // MARK: Tasks

    /// Runs `body` as an operation of a process: what it opens, it opens on the simulated servers, at their time.
    private func living(as operation: Int, in process: Int, _ body: () async -> Void) async {
        await NFSTransports.$ofTask.withValue(transport(of: process)) {
            await Timestamp.$clock.withValue(WorldClock(world: self)) {
                await CurrentOperation.$number.withValue(operation, operation: body)
            }
        }
    }

    /// Makes a process, or whatever else is made as part of one.
    func make<Value>(in process: Int, _ body: @escaping @Sendable () -> Value) -> Value? {
        let made = Box<Value>()
        _ = Task(executorPreference: executor) {
            await self.living(as: 0, in: process) { made.value = body() }
        }
        executor.drain()
        return made.value
    }

    private final class Box<Value>: @unchecked Sendable {
        // @unchecked: of the world's one thread.
        var value: Value?
    }

    private func transport(of process: Int) -> SimulatedTransport {
        let transport = transports[process] ?? SimulatedTransport(world: self, process: process)
        transports[process] = transport
        return transport
    }

    /// Starts an operation of a process.
    func start(_ number: Int, in process: Int, _ body: @escaping @Sendable () async -> String) {
        _ = Task(executorPreference: executor) {
            await self.living(as: number, in: process) {
                let outcome = await body()
                if number < self.outcomes.count, self.isAlive(process) { self.outcomes[number] = outcome }
            }
        }
    }

    // MARK: Time and chance

    var now: ContinuousClock.Instant { start + executor.slept }

    var timestamp: Timestamp {
        Timestamp(seconds: Int64(state.share.time / 1_000_000_000) + executor.slept.components.seconds)
    }

    func nextNumber(of operation: Int) -> UInt64 {
        numbers[operation] += 1
        return UInt64(operation + 1) << 32 | numbers[operation]
    }

    // MARK: Calls

    func add(_ call: PendingCall) {
        if dead.contains(call.process) { return refuse(call) }
        pending.append(call)
    }

    func hasCall(of operation: Int) -> Bool { pending.contains { $0.operation == operation } }

    func isAlive(_ process: Int) -> Bool { !dead.contains(process) }

    /// Carries out the oldest call of an operation.
    func perform(_ operation: Int) {
        guard let index = pending.firstIndex(where: { $0.operation == operation }) else { return }
        let call = pending.remove(at: index)
        switch call.work {
        case .nfs(let request, let mayWrite, let continuation):
            let path = trace == nil ? "" : describe(request)
            let answer = answer(request, mayWrite)
            observe(answer, call.operation)
            note(call.operation) { "\(path) → \(answer.summary)" }
            continuation.resume(returning: answer)
        case .cluster(let request, let continuation):
            let answer = state.cluster.answer(request)
            observe(answer, call.operation)
            note(call.operation) { "\(request) → \(answer)" }
            continuation.resume(returning: answer)
        }
    }

    /// Ends a process. Its tasks see every call fail and can do nothing any more.
    ///
    /// - Parameters:
    ///   - process: Which.
    ///   - answered: Whether the server still carries out the calls that are on their way.
    func crash(_ process: Int, answered: Bool) {
        trace?.append("process \(process) is killed\(answered ? "; its calls on the way are carried out" : "")")
        dead.insert(process)
        let calls = pending.filter { $0.process == process }
        pending.removeAll { $0.process == process }
        for call in calls {
            if answered { carryOut(call) }
            refuse(call)
        }
    }

    private func carryOut(_ call: PendingCall) {
        switch call.work {
        case .nfs(let request, let mayWrite, _):
            guard request.changes, mayWrite() else { return }
            let path = trace == nil ? "" : describe(request)
            let answer = fault.answer(request, &state.share)
            note(call.operation) { "\(path) → \(answer.summary), which nobody hears" }
        case .cluster(let request, _):
            guard request.changes else { return }
            let answer = state.cluster.answer(request)
            note(call.operation) { "\(request) → \(answer), which nobody hears" }
        }
    }

    private func refuse(_ call: PendingCall) {
        switch call.work {
        case .nfs(_, _, let continuation): continuation.resume(returning: .failure(.closed))
        case .cluster(_, let continuation): continuation.resume(returning: .unreachable)
        }
    }

    // MARK: Faults and deeds

    func begin(_ kind: Fault) {
        trace?.append("the server: \(kind)")
        fault.begin(kind, &state.share)
    }

    /// - Returns: false if there was nothing to be done.
    func act(_ name: String, _ body: (inout State) -> Bool) -> Bool {
        guard body(&state) else { return false }
        trace?.append("an admin: \(name)")
        return true
    }

    /// Ends what is wrong with the server, as its admin does.
    func mend() {
        fault.end(&state.share)
    }

    // MARK: Digests

    private func observe(_ answer: Result<NFSv3Answer, RPCFailure>, _ operation: Int) {
        combine(answer.digest, operation)
    }

    private func observe(_ answer: ClusterAnswer, _ operation: Int) {
        combine(answer.hashValue, operation)
    }

    private func combine(_ digest: Int, _ operation: Int) {
        guard operation < sharesObservations.count else { return }
        let process = sharesObservations[operation]
        // Which operations of one process saw what, and in what order, decides what they do next.
        var hasher = Hasher()
        hasher.combine(observed[process])
        hasher.combine(operation)
        hasher.combine(digest)
        observed[process] = hasher.finalize()
    }

    /// Equal for two moments of two histories from which the same happens if the same is decided.
    func digest(current: Int) -> Int {
        var hasher = Hasher()
        hasher.combine(state.share.stateHash())
        hasher.combine(state.cluster.stateHash)
        hasher.combine(fault)
        // What a killed process has seen plays no part any more, but for what its operations have said.
        for process in observed.indices where !dead.contains(process) { hasher.combine(observed[process]) }
        hasher.combine(outcomes)
        hasher.combine(dead)
        hasher.combine(current)
        return hasher.finalize()
    }

    /// The digest of the moment after an operation's next call, if it went on now.
    func digest(after operation: Int) -> Int? {
        guard let call = pending.first(where: { $0.operation == operation }) else { return nil }
        let now = (state, fault, observed)
        defer { (state, fault, observed) = now }
        switch call.work {
        case .nfs(let request, let mayWrite, _): observe(answer(request, mayWrite), operation)
        case .cluster(let request, _): observe(state.cluster.answer(request), operation)
        }
        return digest(current: operation)
    }

    private func answer(_ request: NFSv3Request, _ mayWrite: () -> Bool) -> Result<NFSv3Answer, RPCFailure> {
        request.changes && !mayWrite() ? .failure(.fenced) : fault.answer(request, &state.share)
    }

    // MARK: Words

    func note(_ lines: [String]) {
        trace?.append(contentsOf: lines)
    }

    private func note(_ operation: Int, _ words: () -> String) {
        trace?.append("\(operation < names.count ? names[operation] : "recovery"): \(words())")
    }

    private func describe(_ request: NFSv3Request) -> String { state.share.description(of: request) }
}
