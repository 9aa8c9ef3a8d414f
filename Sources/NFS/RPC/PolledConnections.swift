import CLibNFS
import Glibc

/// The descriptors that the I/O thread polls: its wake-up and the sockets of the connections. Belongs to that thread.
struct PolledConnections {
    private static let tick = Duration.milliseconds(100)

    private var connections: [RPCConnection] = []
    /// The descriptor of the wake-up, then one for each connection.
    private var descriptors: [pollfd]
    private var lastTick = ContinuousClock.now
    private var isWaiting = false

    /// - Parameter wakeup: An eventfd(2).
    init(wakeup: Int32) {
        descriptors = [pollfd(fd: wakeup, events: Int16(POLLIN), revents: 0)]
    }

    /// Adds a connection, which is polled until it is closed and nobody waits for it.
    mutating func add(_ connection: RPCConnection) {
        connections.append(connection)
        descriptors.append(pollfd())
    }

    /// Waits for a socket or the wake-up and serves them; waits at most until the next tick if a task waits for
    /// anything.
    ///
    /// - Parameter hasJobs: Whether other work is due already.
    mutating func poll(hasJobs: Bool) {
        readInterest()
        if Glibc.poll(&descriptors, nfds_t(descriptors.count), hasJobs ? 0 : isWaiting ? millisecondsToTick : -1) > 0 {
            serve()
        }
        let now = ContinuousClock.now
        guard now - lastTick >= Self.tick else { return }
        lastTick = now
        for connection in connections { connection.assumeIsolated { $0.tick(at: now) } }
    }

    /// Reads the descriptors again each time, because sockets come and go. poll(2) ignores -1, the descriptor of a
    /// connection without a socket.
    private mutating func readInterest() {
        isWaiting = false
        for index in connections.indices.reversed() {
            let interest = connections[index].assumeIsolated { $0.interest }
            if interest.isOver {
                connections.remove(at: index)
                descriptors.remove(at: index + 1)
            } else {
                descriptors[index + 1] = interest.descriptor
                isWaiting = isWaiting || interest.isWaiting
            }
        }
    }

    private func serve() {
        if descriptors[0].revents != 0 {
            var count = eventfd_t()
            eventfd_read(descriptors[0].fd, &count)
        }
        for index in connections.indices where descriptors[index + 1].revents != 0 {
            connections[index].assumeIsolated { $0.service(descriptors[index + 1].revents) }
        }
    }

    private var millisecondsToTick: Int32 {
        let rest = max(.zero, lastTick + Self.tick - .now)
        return Int32(rest.components.attoseconds / 1_000_000_000_000_000) + 1
    }
}
