import Testing

@testable import NFS

@Suite struct RemovalPlanTests {
    @Test func aDirectoryWaitsForAllThatIsInIt() throws {
        let tree = try Tree()
        let list = try #require(tree.next())
        #expect(tree.next() == nil, "a directory is handed out once")
        tree.finish(list, try tree.page("file", "a", "b"))
        let entries = try tree.nextEntries(3)
        tree.finish(entries[0], .entry(.removed))
        tree.finish(entries[1], .entry(.directory(try Tree.found("a"))))
        tree.finish(entries[2], .entry(.directory(try Tree.found("b"))))
        let inner = [try #require(tree.next()), try #require(tree.next())]
        #expect(Set(inner.map(tree.plan.path)) == ["top/a", "top/b"])
        tree.finish(inner[0], .directoryGone)
        #expect(tree.next() == nil, "one of the two is still there")
        tree.finish(inner[1], try tree.page())
        let last = try #require(tree.next())
        #expect(last.isRemovalOfDirectory && tree.plan.path(of: last) == tree.plan.path(of: inner[1]))
        tree.finish(last, .directoryRemoved)
        let top = try #require(tree.next())
        #expect(top.isRemovalOfDirectory && tree.plan.path(of: top) == "top")
        tree.finish(top, .directoryRemoved)
        #expect(tree.next() == nil)
        #expect(tree.plan.progress == RemovedTree(directories: 2, files: 1))
    }

    @Test func aDirectoryThatLosesOneWaitsForItsOtherEntries() throws {
        let tree = try Tree()
        tree.finish(try #require(tree.next()), try tree.page("a", "file"))
        let entries = try tree.nextEntries(2)
        tree.finish(entries[0], .entry(.directory(try Tree.found("a"))))
        tree.finish(try #require(tree.next()), .directoryGone)
        #expect(tree.next() == nil, "a file is still there")
        tree.finish(entries[1], .entry(.removed))
        #expect(try #require(tree.next()).isRemovalOfDirectory)
    }

    /// Depth first, so that what is remembered does not grow with the tree.
    @Test func theDeepestIsNext() throws {
        let tree = try Tree(directoriesAtOnce: 1)
        for depth in 0..<100 {
            tree.finish(try #require(tree.next()), try tree.page("d\(depth)", "e\(depth)"))
            for entry in try tree.nextEntries(2) {
                tree.finish(entry, .entry(.directory(try Tree.found(try #require(entry.name)))))
            }
        }
        #expect(tree.plan.path(of: try #require(tree.next())) == "top/e0/…/e98/e99")
    }

    @Test func directoriesTakeTurnsAndNoMoreAreBegunThanItMay() throws {
        let tree = try Tree(directoriesAtOnce: 2)
        tree.finish(try #require(tree.next()), try tree.page("a", "b", "c"))
        for entry in try tree.nextEntries(3) {
            tree.finish(entry, .entry(.directory(try Tree.found(try #require(entry.name)))))
        }
        let lists = [try #require(tree.next()), try #require(tree.next())]
        #expect(lists.map(tree.plan.path) == ["top/c", "top/b"])
        #expect(tree.next() == nil, "the third has to wait")
        for list in lists { tree.finish(list, try tree.page("1", "2")) }
        #expect(try tree.nextEntries(3).map(tree.plan.path) == ["top/c/1", "top/b/1", "top/c/2"])
        // All of one's are on their way: it is the third's turn to begin.
        #expect(tree.plan.path(of: try #require(tree.next())) == "top/a")
    }

    @Test func oneDirectoryMayHaveAllCalls() throws {
        let tree = try Tree()
        let names = (0..<1000).map { "file-\($0)" }
        tree.finish(try #require(tree.next()), .listed(try names.map(Tree.entry), isLastPage: true))
        #expect(try tree.nextEntries(1000).compactMap(\.name) == names)
    }

    /// Whether nothing that was listed could be removed, or all of it and something was there again, or what was listed was
    /// a directory that is not there.
    @Test(arguments: [(RemovalPlan.EntryOutcome?.some(.gone), false), (.removed, true), (nil, false)])
    func roundsThatBringItNoNearerAreCounted(_ outcome: RemovalPlan.EntryOutcome?, _ isLastPage: Bool) throws {
        let tree = try Tree()
        for _ in 0..<16 {
            // Rounds that get somewhere do not make up for them.
            try tree.takeRound(.removed, isLastPage: false)
            try tree.takeRound(outcome ?? .directory(Tree.found("d")), isLastPage: isLastPage)
        }
        guard case .giveUp = try #require(tree.next()).step else {
            Issue.record("it would never end")
            return
        }
    }

    /// A plan that expectations can call, and its words made short.
    private final class Tree {
        var plan: RemovalPlan

        init(directoriesAtOnce: Int = 16) throws {
            plan = RemovalPlan(
                try Self.found("top"),
                in: try Self.handle("root"),
                directoriesAtOnce: directoriesAtOnce
            )
        }

        func next() -> RemovalPlan.Work? { plan.next() }

        func nextEntries(_ count: Int) throws -> [RemovalPlan.Work] {
            try (0..<count).map { _ in
                let work = try #require(next())
                try #require(work.name != nil, "no entry but \(work.step)")
                return work
            }
        }

        func finish(_ work: RemovalPlan.Work, _ outcome: RemovalPlan.Outcome) { plan.finish(work, outcome) }

        /// Lists the directory, and deals with the one entry that is in it.
        func takeRound(_ outcome: RemovalPlan.EntryOutcome, isLastPage: Bool) throws {
            let list = try #require(next())
            guard case .list = list.step else {
                Issue.record("\(list.step) in place of a listing")
                return
            }
            plan.finish(list, .listed([try Self.entry("file")], isLastPage: isLastPage))
            plan.finish(try nextEntries(1)[0], .entry(outcome))
            if case .directory = outcome { plan.finish(try #require(next()), .directoryGone) }
            guard isLastPage else { return }
            let last = try #require(next())
            #expect(last.isRemovalOfDirectory)
            plan.finish(last, .notEmpty)
        }

        /// The last page of a directory.
        func page(_ names: String...) throws -> RemovalPlan.Outcome {
            .listed(try names.map(Self.entry), isLastPage: true)
        }

        static func entry(_ name: String) throws -> DirectoryEntry {
            DirectoryEntry(name: try NFSName(name), fileid: 1, handle: nil, attributes: nil)
        }

        static func found(_ name: String) throws -> FoundDirectory {
            FoundDirectory(name: try NFSName(name), handle: try handle(name))
        }

        private static func handle(_ name: String) throws -> FileHandle {
            try #require(FileHandle(bytes: Array(name.utf8)))
        }
    }
}

extension RemovalPlan.Work {
    fileprivate var isRemovalOfDirectory: Bool {
        if case .removeDirectory = step { true } else { false }
    }

    /// Of the entry to be removed.
    fileprivate var name: String? {
        if case .remove(let entry, _) = step { entry.name.string } else { nil }
    }
}
