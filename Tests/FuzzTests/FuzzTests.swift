import Foundation
import TestBed
import Testing

@Suite("Readers parse or reject any bytes, and a writer's text stays text")
struct FuzzTests {
    @Test("Every input of the corpus passes, including those that once failed", arguments: FuzzTarget.all)
    func corpus(_ target: FuzzTarget) throws {
        let last = LastInput(of: target, .corpus)
        var taken = 0
        for (file, bytes) in try target.inputs() {
            try last.keep(bytes)
            do {
                if try target.check(bytes) { taken += 1 }
            } catch {
                Issue.record("\(target.name)/\(file): \(error)")
            }
        }
        try last.remove()
        #expect(taken > 0, "the corpus has none that is one")
    }

    @Test("Changed inputs pass too", .timeLimit(.minutes(10)), arguments: FuzzTarget.all)
    func changes(_ target: FuzzTarget) async throws {
        let mutator = Mutator(corpus: try target.inputs().map(\.bytes))
        let last = LastInput(of: target, .changes)
        await forRandomCases(target.cases) { random in
            let input = mutator.next(&random)
            try last.keep(input)
            _ = try target.check(input)
            // One that is refused says as much.
            return true
        }
        try last.remove()
    }

    @Test("Each target has a folder in the corpus, and the corpus has no other folder")
    func folders() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: FuzzTarget.corpus.path())
        #expect(folders.sorted() == FuzzTarget.all.map(\.name).sorted())
    }
}
