import TestBed

/// What is done in one round, and which faults there are meanwhile: a function of the seed and the model alone, so that
/// a seed gives the same rounds again.
struct TortureRound: Codable, Sendable {
    var number: Int
    var faults: [TortureFault.Injection]
    var operations: [TortureOperation]
    /// Milliseconds before each operation.
    var pauses: [Int]

    /// - Parameters:
    ///   - number: Counted from 1.
    ///   - kinds: The faults of this round.
    ///   - model: What is there; what the round makes of it is applied.
    ///   - dice: The seed's.
    init(
        _ number: Int,
        kinds: [TortureFault],
        model: inout TortureModel,
        using dice: inout SeededGenerator
    ) {
        self.number = number
        faults = kinds.map {
            TortureFault.Injection(
                fault: $0,
                tenths: Int.random(in: 10...30, using: &dice),
                variant: Int.random(in: 0..<24, using: &dice)
            )
        }
        let before = model
        operations = Self.operations(on: &model, isFirst: number == 1, using: &dice)
        if kinds.contains(where: \.movesClock) { model.noteWrongTimes(since: before) }
        pauses = operations.map { _ in Int.random(in: 0...250, using: &dice) }
    }

    /// Each claim or archive is in one operation at most; they may come to an end in any order.
    private static func operations(
        on model: inout TortureModel,
        isFirst: Bool,
        using dice: inout SeededGenerator
    ) -> [TortureOperation] {
        var operations: [TortureOperation] = []
        var claims = model.claims.keys.sorted().shuffled(using: &dice)
        var archives = model.archives.filter { $0.value.share == .first && $0.value.kind != .contended }.keys.sorted()
            .shuffled(using: &dice)
        let before = model
        func add(_ operation: TortureOperation) {
            operations.append(operation)
            model.apply(operation)
        }
        for _ in 0..<Int.random(in: 3...5, using: &dice) {
            add(.create(claim: model.newName(), kind: ClaimKind.ordinary.randomElement(using: &dice) ?? .archived))
        }
        // Every round has a claim of each share to lose, and one that is at work on the small share.
        for kind in isFirst ? ClaimKind.ordinary : [.small] { add(.create(claim: model.newName(), kind: kind)) }
        if Bool.random(using: &dice) {
            // When retention has its turn with a claim that is gone at once, nobody could say.
            let kind = ClaimKind.ordinary.filter { $0 != .expiring }.randomElement(using: &dice) ?? .archived
            add(.createAndDelete(claim: model.newName(), kind: kind))
        }
        for _ in 0..<min(claims.count / 2, 4) {
            let claim = claims.removeLast()
            add(Self.release(claim, of: before.claims[claim]?.kind, &model, using: &dice))
        }
        for _ in 0..<min(claims.count, 2) {
            let claim = claims.removeLast()
            let size = (before.claims[claim]?.gibibytes ?? 1) + Int.random(in: 1...3, using: &dice)
            add(.expand(claim: claim, gibibytes: size))
        }
        if Int.random(in: 0..<3, using: &dice) > 0 {
            let operation = byHand(claims.last, &archives, before, &model, using: &dice)
            if let operation { add(operation) }
        }
        for _ in 0..<min(archives.count, 3) {
            let archive = archives.removeLast()
            if let operation = Self.operation(on: archive, before, &model, using: &dice) { add(operation) }
        }
        // The neighbour has to know the share before it is swapped.
        if isFirst || Int.random(in: 0..<3, using: &dice) == 0 {
            add(.contend(TortureContest(claim: model.newName(), using: &dice)))
        }
        let copied = before.deleted.filter { $0.value.kind == .copiedAtEnd }.keys.sorted()
        if let name = copied.randomElement(using: &dice), Bool.random(using: &dice) { add(.restoreCopy(archive: name)) }
        return operations
    }

    /// Something that an admin does, with a claim that nobody else is at, or with one of the archives.
    private static func byHand(
        _ claim: String?,
        _ archives: inout [String],
        _ before: TortureModel,
        _ model: inout TortureModel,
        using dice: inout SeededGenerator
    ) -> TortureOperation? {
        let kind = ClaimKind.allCases.randomElement(using: &dice) ?? .archived
        guard let claim else { return .recreateClass(kind: kind) }
        func take(where isRight: (TortureModel.Archive) -> Bool) -> String? {
            let index = archives.lastIndex { before.archives[$0].map { $0.state == .archived && isRight($0) } ?? false }
            return index.map { archives.remove(at: $0) }
        }
        switch Int.random(in: 0..<8, using: &dice) {
        case 0: return .patchPolicy(claim: claim)
        case 1: return .releaseWhileRetained(claim: claim)
        // The directory of a pattern keeps the name of the claim before.
        case 2...3 where before.claims[claim]?.kind != .patterned: return .bindAgain(claim: claim, to: model.newName())
        case 4: return .recreateClass(kind: kind)
        case 5: return take { _ in true }.map { .moveAwayAndBack(archive: $0) }
        default:
            let archive = take { [.copied, .copiedLater].contains($0.kind) }
            return archive.map { .removeArchive(archive: $0, claim: model.newName()) }
        }
    }

    private static func release(
        _ claim: String,
        of kind: ClaimKind?,
        _ model: inout TortureModel,
        using dice: inout SeededGenerator
    ) -> TortureOperation {
        switch (kind, Int.random(in: 0..<3, using: &dice)) {
        case (.expiring, 0): .releaseAndHold(claim: claim)
        case (.expiring, 1): .releaseAndRestore(claim: claim, into: model.newName())
        case (.copiedLater, 0...1): .releaseAndPurge(claim: claim)
        default: .release(claim: claim)
        }
    }

    private static func operation(
        on archive: String,
        _ before: TortureModel,
        _ model: inout TortureModel,
        using dice: inout SeededGenerator
    ) -> TortureOperation? {
        guard let found = before.archives[archive] else { return nil }
        return switch found.state {
        case .archived:
            switch Int.random(in: 0..<7, using: &dice) {
            case 0: .restore(archive: archive, claim: model.newName(), copies: false)
            case 1: .restore(archive: archive, claim: model.newName(), copies: true)
            case 2: .restoreTwice(archive: archive, claims: [model.newName(), model.newName()])
            case 3: .holdAndPurge(archive: archive)
            case 4: .hold(archive: archive)
            default: .purge(archive: archive)
            }
        case .held: .releaseHold(archive: archive)
        case .archivedOrPurged where found.kind == .expiring: .releaseHold(archive: archive)
        case .purged where found.kind.copyPhase != nil: .restoreCopy(archive: archive)
        case .restored, .purged, .archivedOrPurged, .expired: nil
        }
    }
}

extension TortureFault {
    /// Which faults the first rounds have, in an order of the seed's, until all have been.
    ///
    /// - Parameters:
    ///   - kinds: All that there are to be.
    ///   - together: How many at the same time.
    ///   - dice: The seed's.
    /// - Returns: Those of each round.
    static func schedule(_ kinds: [TortureFault], together: Int, using dice: inout SeededGenerator) -> [[TortureFault]]
    {
        var left = kinds.shuffled(using: &dice)
        var rounds: [[TortureFault]] = []
        while !left.isEmpty {
            var round: [TortureFault] = []
            for fault in left where round.count < together {
                if round.allSatisfy({ $0.subjects.isDisjoint(with: fault.subjects) }) { round.append(fault) }
            }
            left.removeAll { round.contains($0) }
            rounds.append(round)
        }
        return rounds
    }
}
