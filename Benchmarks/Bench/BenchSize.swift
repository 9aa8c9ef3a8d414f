/// How much of everything is measured.
enum BenchSize: String, CaseIterable, Codable {
    /// Whether it works at all, in a minute.
    case small
    /// What the targets speak of.
    case standard
    /// The release of as many claims as the largest size has, too.
    case full

    private func pick<Value>(_ small: Value, _ standard: Value) -> Value { self == .small ? small : standard }

    /// Claims of a backlog and of a burst.
    var claims: Int { pick(40, 1_000) }
    /// Claims that come one after another.
    var singles: Int { pick(10, 200) }
    /// Claims that come while something large is going on.
    var bystanders: Int { pick(3, 20) }
    var treeFolders: Int { pick(20, 1_000) }
    var filesPerFolder: Int { pick(20, 100) }
    /// The part of the tree that is removed with one call in flight.
    var foldersOneByOne: Int { pick(4, 20) }
    /// How many claims at once the cost is compared at.
    var steps: [Int] { pick([10, 40, 120], [100, 1_000, 10_000]) }
    var releasesLargestStep: Bool { self != .standard }
    var relists: Int { pick(2, 10) }
    var idleSeconds: Int { pick(3, 60) }
    var records: Int { pick(100, 10_000) }
    var manyRecords: Int { pick(500, 50_000) }
}
