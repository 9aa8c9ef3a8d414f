/// Operations on a share that are to be explored against each other, and what has to hold of them in the end.
package struct Scenario<Process: Sendable>: Sendable {
    package struct Operation: Sendable {
        package var name: String
        /// Operations of one process have its memory in common.
        package var process: Int
        /// Does it, and says what came of it.
        package var run: @Sendable (Process) async -> String

        package init(_ name: String, process: Int, _ run: @escaping @Sendable (Process) async -> String) {
            self.name = name
            self.process = process
            self.run = run
        }
    }

    package struct Deed: Sendable {
        package var name: String
        /// Does it; false if there was nothing to be done.
        package var run: @Sendable (inout SimulatedFileSystem, inout SimulatedCluster) -> Bool

        package init(
            _ name: String,
            _ run: @escaping @Sendable (inout SimulatedFileSystem, inout SimulatedCluster) -> Bool
        ) {
            self.name = name
            self.run = run
        }
    }

    package var name: String
    package var start: Snapshot
    package var operations: [Operation]
    package var deeds: [Deed] = []
    package var faults: [Fault] = Fault.allCases
    /// Starts a process.
    package var makeProcess: @Sendable (ProcessContext) -> Process
    /// What each process has done before the history begins; it is no part of the history.
    package var warmUp: (@Sendable (Process) async -> Void)?
    /// What a process that starts afterwards does, until nothing is left to be done.
    package var recover: @Sendable (Process, History) async -> Void
    /// What does not hold, in words.
    package var check: @Sendable (Ending) -> [String]

    package init(
        name: String,
        start: Snapshot,
        operations: [Operation],
        makeProcess: @escaping @Sendable (ProcessContext) -> Process,
        recover: @escaping @Sendable (Process, History) async -> Void,
        check: @escaping @Sendable (Ending) -> [String]
    ) {
        self.name = name
        self.start = start
        self.operations = operations
        self.makeProcess = makeProcess
        self.recover = recover
        self.check = check
    }
}

/// A share and a cluster as they are between histories.
package struct Snapshot: Sendable {
    package var share: SimulatedFileSystem
    package var cluster: SimulatedCluster

    package init(share: SimulatedFileSystem, cluster: SimulatedCluster = SimulatedCluster()) {
        self.share = share
        self.cluster = cluster
    }
}

/// What a process has of the world.
package struct ProcessContext: Sendable {
    package let number: Int
    package let cluster: SimulatedConnection
}

/// What was decided in a history, and what came of it.
package struct History: Sendable {
    package var schedule: Schedule
    /// Of each operation; nil for one whose process was killed.
    package var outcomes: [String?]
    /// The faults that were there.
    package var faults: Set<Fault>
    /// The deeds that were done.
    package var deeds: Set<Int>
}

/// What there is at the end of a history.
package struct Ending: Sendable {
    package let history: History
    package let share: SimulatedFileSystem
    package let cluster: SimulatedCluster
}
