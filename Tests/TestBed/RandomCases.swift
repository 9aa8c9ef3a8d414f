import Foundation
import Testing

/// Checks a property by random cases, other ones in every run. The first that fails ends it, and an issue says its seed;
/// the environment variable `TEST_SEED` runs the case of that seed alone.
///
/// - Parameters:
///   - count: How many cases.
///   - sourceLocation: Where the issue is shown.
///   - body: Makes one case of random numbers and checks it; it throws if the property does not hold. It returns whether
///     the case was one that the property speaks of; an issue is recorded if fewer than one in twenty are.
package func forRandomCases(
    _ count: Int,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ body: (inout SeededGenerator) async throws -> Bool
) async {
    let given = ProcessInfo.processInfo.environment["TEST_SEED"].flatMap { UInt64($0) }
    let first = given ?? UInt64.random(in: .min ... .max)
    let seeds = (0..<(given == nil ? count : 1)).map { first &+ UInt64($0) }
    var relevant = 0
    for seed in seeds {
        // Many cases would keep a thread from tests that have a controller to look after.
        await Task.yield()
        var generator = SeededGenerator(seed: seed)
        do {
            if try await body(&generator) { relevant += 1 }
        } catch {
            // What was expected has an issue of its own already.
            let cause = error is ExpectationFailedError ? "" : ": \(error)"
            let message = "the case of seed \(seed) fails (TEST_SEED=\(seed) runs it alone)\(cause)"
            Issue.record("\(message)", sourceLocation: sourceLocation)
            return
        }
    }
    if given == nil, relevant * 20 < count {
        Issue.record("only \(relevant) of \(count) cases say anything", sourceLocation: sourceLocation)
    }
}
