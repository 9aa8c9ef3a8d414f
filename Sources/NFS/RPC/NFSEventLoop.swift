import CLibNFS
import Glibc
import Synchronization

/// The one thread that owns every libnfs context of the process: libnfs is not thread-safe, not even across contexts.
/// It is the executor of every ``RPCConnection``, so the compiler checks every access. It sleeps in poll(2) until a
/// job, a socket or a deadline is due.
///
/// Tasks may prefer it too (SE-0417). A function of an actor may then also suspend where it calls another function of
/// the same actor: atomic steps of ``RPCConnection`` are in functions that are not `async`.
package final class NFSEventLoop: SerialExecutor, TaskExecutor {
    static let shared = NFSEventLoop()

    /// How many rounds of newly queued jobs run before the sockets have their turn.
    private static let roundsPerTurn = 8

    private struct State {
        var jobs: [UnownedJob] = []
        /// The connections to poll from the next turn on.
        var connections: [RPCConnection] = []
        var isSignalled = false
    }

    private let state = Mutex(State())
    private let wakeup: Int32
    private let thread = Atomic<pthread_t>(0)

    private init() {
        wakeup = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        precondition(wakeup >= 0, "eventfd failed with errno \(errno): the process has no descriptors left")
        start()
    }

    private func start() {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        // libnfs decodes a directory page recursively: give it a stack as large as a main thread's.
        pthread_attr_setstacksize(&attributes, 8 << 20)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        var id = pthread_t()
        let loop = Unmanaged.passRetained(self).toOpaque()
        let status = pthread_create(
            &id,
            &attributes,
            { opaque in
                guard let opaque else { return nil }
                Unmanaged<NFSEventLoop>.fromOpaque(opaque).takeRetainedValue().run()
            },
            loop
        )
        precondition(status == 0, "pthread_create failed with errno \(status): the process has no threads left")
    }

    /// Retains a connection and polls it until it is closed.
    func register(_ connection: RPCConnection) {
        state.withLock { $0.connections.append(connection) }
    }

    /// Runs work that mostly makes calls, with its child tasks, on the I/O thread: no call then costs a switch of
    /// threads. The work must not compute for long, because no connection is served meanwhile. A task on another
    /// transport than libnfs stays where it is.
    ///
    /// - Throws: What `work` throws.
    package static func withManyCalls<Value, Failure: Error>(
        isolation: isolated (any Actor)? = #isolation,
        _ work: () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        guard NFSTransports.ofTask == nil else { return try await work() }
        return try await withTaskExecutorPreference(shared, operation: work)
    }

    // MARK: Executor

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let mustSignal = state.withLock { state in
            state.jobs.append(job)
            defer { state.isSignalled = true }
            return !state.isSignalled
        }
        if mustSignal, !isCurrent { eventfd_write(wakeup, 1) }
    }

    package func checkIsolated() { precondition(isCurrent, "not on the NFS thread") }

    package func isIsolatingCurrentContext() -> Bool? { isCurrent }

    private var isCurrent: Bool { thread.load(ordering: .relaxed) == pthread_self() }

    // MARK: The thread

    private func run() -> Never {
        thread.store(pthread_self(), ordering: .relaxed)
        var connections = PolledConnections(wakeup: wakeup)
        var jobs: [UnownedJob] = []
        while true {
            var rounds = 0
            while rounds < Self.roundsPerTurn, takeTurn(&jobs, &connections) {
                rounds += 1
                for job in jobs {
                    job.runSynchronously(isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
                }
            }
            connections.poll(hasJobs: state.withLock { !$0.jobs.isEmpty || !$0.connections.isEmpty })
        }
    }

    /// Takes the jobs and connections that are queued now.
    ///
    /// - Returns: Whether there is a job.
    private func takeTurn(_ jobs: inout [UnownedJob], _ connections: inout PolledConnections) -> Bool {
        jobs.removeAll(keepingCapacity: true)
        let new = state.withLock { state in
            state.isSignalled = false
            swap(&jobs, &state.jobs)
            defer { state.connections = [] }
            return state.connections
        }
        for connection in new { connections.add(connection) }
        return !jobs.isEmpty
    }
}
