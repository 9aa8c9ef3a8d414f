import Testing

@testable import NFS

@Suite struct RemovalPlanTests {
    @Test func aDirectoryWaitsForThoseInIt() throws {
        let work = try Work()
        let top = try #require(work.next())
        #expect(work.next() == nil, "a directory is handed out once")
        try work.finish(top, files: 3, subdirectories: ["a", "b"], isListed: true)
        let first = try #require(work.next())
        let second = try #require(work.next())
        #expect(Set([first.name, second.name]) == ["a", "b"])
        #expect(first.parent == top.handle)
        #expect(work.next() == nil)
        try work.finish(first, isGone: true)
        #expect(work.next() == nil, "one of the two is still there")
        try work.finish(second, files: 1, isGone: true)
        let again = try #require(work.next())
        #expect(again.id == top.id && again.isListed)
        try work.finish(again, isGone: true)
        #expect(work.next() == nil)
        #expect(work.plan.removed == RemovedTree(directories: 3, files: 4))
    }

    /// Depth first, so that what is remembered does not grow with the tree.
    @Test func theDeepestIsNext() throws {
        let work = try Work()
        var directory = try #require(work.next())
        for depth in 0..<100 {
            try work.finish(directory, subdirectories: ["d\(depth)", "e\(depth)"])
            directory = try #require(work.next())
            #expect(directory.name.string == "e\(depth)")
        }
        #expect(work.plan.path(of: directory.id) == "top/e0/…/e98/e99")
    }

    /// Whether nothing was there to remove, or what was removed had come anew.
    @Test(arguments: [(0, true), (0, false), (1, true)])
    func roundsAfterWhichItShouldHaveBeenEmptyAreCounted(_ files: Int, _ isListed: Bool) throws {
        let work = try Work()
        for round in 1...16 {
            // Rounds that get somewhere do not make up for them.
            let directory = try #require(work.next())
            #expect(try work.finish(directory, files: 1))
            #expect(work.next()?.id == directory.id)
            #expect(try work.finish(directory, files: files, isListed: isListed) == (round < 16))
        }
    }

    /// A plan that expectations can call, and its words made short.
    private final class Work {
        var plan: RemovalPlan

        init() throws {
            plan = RemovalPlan(try Self.found("top"), in: try Self.handle("root"))
        }

        func next() -> RemovalPlan.Directory? { plan.next() }

        @discardableResult
        func finish(
            _ directory: RemovalPlan.Directory,
            files: Int = 0,
            subdirectories: [String] = [],
            isListed: Bool = false,
            isGone: Bool = false
        ) throws -> Bool {
            let round = RemovalPlan.Round(
                files: files,
                subdirectories: try subdirectories.map(Self.found),
                isListed: isListed,
                isGone: isGone
            )
            return plan.finish(round, of: directory.id)
        }

        private static func found(_ name: String) throws -> FoundDirectory {
            FoundDirectory(name: try NFSName(name), handle: try handle(name))
        }

        private static func handle(_ name: String) throws -> FileHandle {
            try #require(FileHandle(bytes: Array(name.utf8)))
        }
    }
}
