import TestBed

/// What must be true of claims and archives: a function of the operations so far, whatever faults there were.
struct TortureModel: Sendable {
    struct Claim: Sendable, Hashable {
        var kind: ClaimKind
        var gibibytes = 1
        /// Seeds of what its tenant has written, see ``TenantData``.
        var data: [UInt64] = []
        /// The claim whose archive it was made of.
        var origin: String?
    }

    struct Archive: Sendable, Hashable {
        enum State: Sendable {
            case archived, held, restored, purged
            /// Two have fought for it: either may be true.
            case archivedOrPurged
            /// Retention purges it.
            case expired
        }

        var share: TortureShare
        var kind: ClaimKind
        var data: [UInt64]
        var state = State.archived
        /// It was archived while a clock was wrong: what its record says of times may keep it.
        var hasWrongTimes = false
    }

    /// Claims that are there, by name.
    private(set) var claims: [String: Claim] = [:]
    /// By the name of the claim that they were of.
    private(set) var archives: [String: Archive] = [:]
    /// Released, with their data left in place.
    private(set) var retained: [String: Claim] = [:]
    private(set) var deleted: [String: Claim] = [:]
    /// Claims that went away at once: what became of their directories depends on how far they got.
    private(set) var fleeting: [String: Claim] = [:]
    /// Pairs that ask for one archive: one of them gets it.
    private(set) var rivals: [[String]] = []
    private(set) var contests: [TortureContest] = []
    private var lastName = 0

    mutating func newName() -> String {
        lastName += 1
        return "c\(lastName)"
    }

    mutating func write(_ seed: UInt64, to claim: String) {
        claims[claim]?.data.append(seed)
    }

    mutating func apply(_ operation: TortureOperation) {
        switch operation {
        case .create(let name, let kind):
            claims[name] = Claim(kind: kind)
        case .createAndDelete(let name, let kind):
            fleeting[name] = Claim(kind: kind)
        case .release(let name), .releaseWhileRetained(let name):
            release(name)
            if archives[name]?.kind == .expiring { archives[name]?.state = .expired }
        case .releaseAndPurge(let name):
            release(name)
            archives[name]?.state = .purged
        case .releaseAndHold(let name):
            release(name)
            archives[name]?.state = .archivedOrPurged
        case .releaseAndRestore(let name, let other):
            release(name)
            claims[other] = Claim(kind: .archived, data: archives[name]?.data ?? [], origin: name)
            archives[name]?.state = .restored
        case .expand(let name, let size):
            claims[name]?.gibibytes = size
        case .restore(let archive, let name, let copies):
            claims[name] = Claim(kind: .archived, data: archives[archive]?.data ?? [], origin: archive)
            if !copies { archives[archive]?.state = .restored }
        case .hold(let archive): archives[archive]?.state = .held
        case .releaseHold(let archive):
            let kind = archives[archive]?.kind
            archives[archive]?.state = kind == .expiring ? .expired : .archived
        case .purge(let archive): archives[archive]?.state = .purged
        case .restoreCopy(let name):
            if let claim = deleted.removeValue(forKey: name) {
                archives[name] = Archive(share: claim.kind.share, kind: claim.kind, data: claim.data)
            }
            archives[name]?.state = .archived
        case .holdAndPurge(let archive): archives[archive]?.state = .archivedOrPurged
        case .bindAgain(let name, let other):
            claims[other] = claims.removeValue(forKey: name)
        case .contend(let contest): contests.append(contest)
        case .moveAwayAndBack, .patchPolicy, .recreateClass:
            break
        case .removeArchive(_, let name):
            claims[name] = Claim(kind: .archived)
        case .restoreTwice(let archive, let names):
            archives[archive]?.state = .restored
            rivals.append(names)
            for name in names {
                claims[name] = Claim(kind: .archived, data: archives[archive]?.data ?? [], origin: archive)
            }
        }
    }

    /// Of two rivals one got the archive, whichever; both claims are deleted, and it is one again, by the first's name.
    mutating func settle(_ pair: [String]) {
        rivals.removeAll { $0 == pair }
        release(pair[0])
        claims[pair[1]] = nil
    }

    /// Of two clusters one got the path, whichever, and its tenant wrote there; then the other, if it still wanted it.
    /// Both claims are deleted.
    mutating func settle(_ contest: TortureContest) {
        contests.removeAll { $0 == contest }
        archives[contest.claim] = Archive(share: .first, kind: .contended, data: [contest.data])
        // Deleted while a server is slow, the other claim may have got the path that was free by then.
        if contest.loserWaits {
            archives[contest.loser] = Archive(share: .first, kind: .contended, data: [])
        } else {
            fleeting[contest.claim] = Claim(kind: .contended)
        }
    }

    /// What became an archive since another model did so while a clock was wrong.
    mutating func noteWrongTimes(since earlier: TortureModel) {
        for name in archives.keys where earlier.archives[name] == nil { archives[name]?.hasWrongTimes = true }
    }

    private mutating func release(_ name: String) {
        guard let claim = claims.removeValue(forKey: name) else { return }
        switch claim.kind.end {
        case .archived: archives[name] = Archive(share: claim.kind.share, kind: claim.kind, data: claim.data)
        case .deleted: deleted[name] = claim
        case .retained: retained[name] = claim
        }
    }
}
