import Kubernetes
import NFS

/// The operation that the current task belongs to; its calls are scheduled as that operation's.
enum CurrentOperation {
    @TaskLocal static var number = 0
}

/// The time in a world.
struct WorldClock: WallClock {
    let world: World

    var now: Timestamp { world.timestamp }
}

/// A process's way to the share.
final class SimulatedTransport: NFSTransport {
    private let world: World
    private let process: Int

    init(world: World, process: Int) {
        self.world = world
        self.process = process
    }

    func answer(
        _ request: NFSv3Request,
        mayWrite: @escaping @Sendable () -> Bool
    ) async throws(RPCFailure) -> NFSv3Answer {
        if Task.isCancelled { throw .cancelled }
        let operation = CurrentOperation.number
        let answer: Result<NFSv3Answer, RPCFailure> = await withUnsafeContinuation { continuation in
            let work = PendingCall.Work.nfs(request, mayWrite: mayWrite, continuation)
            world.add(PendingCall(operation: operation, process: process, work: work))
        }
        return try answer.get()
    }

    var now: ContinuousClock.Instant { world.now }

    func randomNumber() -> UInt64 { world.nextNumber(of: CurrentOperation.number) }
}

/// A process's way to the API server.
package final class SimulatedConnection: Sendable {
    private let world: World
    private let process: Int

    init(world: World, process: Int) {
        self.world = world
        self.process = process
    }

    /// Has the API server answer a request.
    package func answer(_ request: ClusterRequest) async -> ClusterAnswer {
        let operation = CurrentOperation.number
        return await withUnsafeContinuation { continuation in
            let work = PendingCall.Work.cluster(request, continuation)
            world.add(PendingCall(operation: operation, process: process, work: work))
        }
    }
}

/// A call that was made and is not carried out yet.
struct PendingCall {
    enum Work {
        case nfs(
            NFSv3Request,
            mayWrite: @Sendable () -> Bool,
            UnsafeContinuation<Result<NFSv3Answer, RPCFailure>, Never>
        )
        case cluster(ClusterRequest, UnsafeContinuation<ClusterAnswer, Never>)
    }

    let operation: Int
    let process: Int
    let work: Work

    var changes: Bool {
        switch work {
        case .nfs(let request, _, _): request.changes
        case .cluster(let request, _): request.changes
        }
    }
}
