import Foundation
import Kubernetes
import Provisioning
import Synchronization
import TestBed

/// One run: rounds of operations and faults, and after each what must be true.
final class TortureRun: Sendable {
    struct Volume: Sendable, Hashable {
        /// Also the id of the archive that it becomes.
        var name: String
        /// On the server's side.
        var directory: URL
    }

    let bed: TortureBed
    let fleet: TortureFleet
    let neighbour: Scenario
    let neighbours: TortureFleet
    let report: TortureReport
    let injector: TortureInjector
    /// The volumes that claims have, or had, by the claims' names.
    let volumes = Mutex<[String: Volume]>([:])
    /// Of archives' directories that were removed by hand.
    let removedFileIDs = Mutex<Set<UInt64>>([])
    /// Copies that were read and hold all that they should.
    let wholeCopies = Mutex<Set<TortureCopy>>([])

    var scenario: Scenario { bed.scenario }

    init(_ bed: TortureBed, neighbour: Scenario, report: TortureReport, credentials: TortureCredentials) throws {
        self.bed = bed
        self.neighbour = neighbour
        self.report = report
        neighbours = try TortureFleet(bed, neighbour: neighbour)
        fleet = try TortureFleet(bed)
        let isDone = WorkloadFlag()
        flag = isDone
        injector = TortureInjector(
            bed: bed,
            fleet: fleet,
            credentials: credentials,
            report: report,
            isWorkloadDone: { isDone.isSet }
        )
    }

    private let flag: WorkloadFlag

    /// Does what a round says while its faults last, and waits until all has come to an end.
    ///
    /// - Returns: The model after the round.
    func perform(_ round: TortureRound, leadingTo model: TortureModel) async throws -> TortureModel {
        flag.isSet = false
        try await withThrowingTaskGroup(of: Void.self) { group in
            for fault in round.faults { group.addTask { try await self.injector.inject(fault) } }
            group.addTask {
                for (operation, pause) in zip(round.operations, round.pauses) {
                    try await Task.sleep(for: .milliseconds(pause))
                    try await self.perform(operation, from: model)
                }
                self.flag.isSet = true
            }
            try await group.waitForAll()
        }
        try await fleet.recover()
        var model = model
        for pair in model.rivals {
            try await settle(pair, of: model)
            model.settle(pair)
        }
        for contest in model.contests {
            try await settle(contest)
            model.settle(contest)
        }
        try await settle(model)
        await fleet.noteMemory()
        return model
    }
}

final class WorkloadFlag: Sendable {
    private let value = Mutex(false)

    var isSet: Bool {
        get { value.withLock { $0 } }
        set { value.withLock { $0 = newValue } }
    }
}
