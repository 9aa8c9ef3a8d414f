import CLibNFS
import Glibc
import Synchronization

/// The one thread that owns every libnfs context of the process: libnfs is not thread-safe, not even across contexts.
/// It is the executor of every ``RPCConnection``, so the compiler checks who touches what, and it sleeps in poll(2)
/// until a job, a socket or a deadline is due.
///
/// Tasks may prefer it too (SE-0417). A function of an actor then suspends also where it calls another of the same actor:
/// what has to happen at one go in ``RPCConnection`` is in functions that are not `async`.
final class NFSEventLoop: SerialExecutor, TaskExecutor {
    static let shared = NFSEventLoop()

    /// How exactly deadlines are kept, in milliseconds.
    private static let tick: Int32 = 100

    private struct State {
        var jobs: [UnownedJob] = []
        var connections: [WeakConnection] = []
        var isSignalled = false
    }

    private struct WeakConnection {
        weak var connection: RPCConnection?
    }

    private let state = Mutex(State())
    private let wakeup: Int32
    private let thread = Mutex<pthread_t?>(nil)

    private init() {
        wakeup = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        precondition(wakeup >= 0, "eventfd failed with errno \(errno): the process has no descriptors left")
        start()
    }

    private func start() {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        // libnfs decodes a directory page by recursion: give it the room of a main thread.
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

    /// Adds a connection to those polled, until it is gone.
    func register(_ connection: RPCConnection) {
        state.withLock { $0.connections.append(WeakConnection(connection: connection)) }
    }

    /// Runs work that is calls and little else, with its child tasks, on the thread that makes calls: none of them costs a
    /// switch of threads.
    static func withManyCalls<Value: Sendable>(_ work: @Sendable () async -> Value) async -> Value {
        await withTaskExecutorPreference(shared) { await work() }
    }

    // MARK: Executor

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let mustSignal = state.withLock { state in
            state.jobs.append(job)
            defer { state.isSignalled = true }
            return !state.isSignalled
        }
        if mustSignal, !isCurrent { eventfd_write(wakeup, 1) }
    }

    func checkIsolated() { precondition(isCurrent, "not on the NFS thread") }

    func isIsolatingCurrentContext() -> Bool? { isCurrent }

    private var isCurrent: Bool {
        thread.withLock { $0.map { pthread_equal($0, pthread_self()) != 0 } ?? false }
    }

    // MARK: The thread

    private func run() -> Never {
        thread.withLock { $0 = pthread_self() }
        var lastTick = ContinuousClock.now
        while true {
            runJobs()
            poll(liveConnections(), until: lastTick + .milliseconds(Self.tick))
            let now = ContinuousClock.now
            if now - lastTick >= .milliseconds(Self.tick) {
                lastTick = now
                for connection in liveConnections() {
                    connection.assumeIsolated { $0.tick(at: now) }
                }
            }
        }
    }

    /// Runs what is queued now; what these jobs queue has its turn after the sockets had theirs.
    private func runJobs() {
        let jobs = state.withLock { state in
            state.isSignalled = false
            defer { state.jobs.removeAll() }
            return state.jobs
        }
        for job in jobs {
            job.runSynchronously(isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
        }
    }

    private func liveConnections() -> [RPCConnection] {
        state.withLock { state in
            state.connections.removeAll { $0.connection == nil }
            return state.connections.compactMap(\.connection)
        }
    }

    private func poll(_ connections: [RPCConnection], until nextTick: ContinuousClock.Instant) {
        // Descriptors are read anew each turn; poll(2) passes over -1, which a connection without a socket has.
        var descriptors = [pollfd(fd: wakeup, events: Int16(POLLIN), revents: 0)]
        var isWaiting = false
        for connection in connections {
            let interest = connection.assumeIsolated { $0.interest }
            descriptors.append(interest.descriptor)
            isWaiting = isWaiting || interest.isWaiting
        }
        let hasJobs = state.withLock { !$0.jobs.isEmpty }
        let untilTick = Int32(max(0, ((nextTick - .now) / .milliseconds(1)).rounded(.up)))
        let milliseconds: Int32 = hasJobs ? 0 : isWaiting ? untilTick : -1
        guard Glibc.poll(&descriptors, nfds_t(descriptors.count), milliseconds) > 0 else { return }
        if descriptors[0].revents != 0 {
            var count = eventfd_t()
            eventfd_read(wakeup, &count)
        }
        for (connection, descriptor) in zip(connections, descriptors.dropFirst()) where descriptor.revents != 0 {
            connection.assumeIsolated { $0.service(descriptor.revents) }
        }
    }
}
