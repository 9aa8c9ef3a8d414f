import NFS

/// What is wrong with the server at the moment.
struct FaultState: Hashable {
    private var staleCalls = 0
    private var losesAnswer = false
    private var asksTwice = false
    private var room: (blocks: Int, files: Int)?
    /// The share that is not exported for now.
    private var hidden: SimulatedFileSystem?

    mutating func begin(_ fault: Fault, _ share: inout SimulatedFileSystem) {
        switch fault {
        case .stale: staleCalls = 5
        case .staleOnce: staleCalls = 1
        case .lostAnswer: losesAnswer = true
        case .retransmission: asksTwice = true
        case .full: fill(&share, .noSpace)
        case .quota: fill(&share, .quota)
        case .otherShare:
            guard hidden == nil else { return }
            hidden = share
            share = SimulatedFileSystem(settings: share.settings, key: share.key + 1000, time: share.time)
        case .renumbered: share.renumber()
        case .otherFileSystemID: share.fsid += 1
        }
    }

    private mutating func fill(_ share: inout SimulatedFileSystem, _ status: NFSStatus) {
        guard room == nil else { return }
        room = (share.settings.blocks, share.settings.files)
        share.settings.blocks = share.usedBlocks
        share.settings.files = share.usedFiles
        share.settings.fullStatus = status
    }

    mutating func end(_ share: inout SimulatedFileSystem) {
        if let hidden { share = hidden }
        if let room { (share.settings.blocks, share.settings.files) = room }
        self = FaultState()
    }

    mutating func answer(
        _ request: NFSv3Request,
        _ share: inout SimulatedFileSystem
    ) -> Result<NFSv3Answer, RPCFailure> {
        if staleCalls > 0 {
            staleCalls -= 1
            if case .mount = request { return .failure(.status(NFSStatus.noEntry.rawValue)) }
            return .failure(.status(NFSStatus.stale.rawValue))
        }
        let answer = share.answer(request)
        guard request.changes, case .success = answer else { return answer }
        if losesAnswer {
            losesAnswer = false
            return .failure(.timedOut)
        }
        if asksTwice {
            asksTwice = false
            return share.answer(request)
        }
        return answer
    }

    static func == (left: FaultState, right: FaultState) -> Bool { left.hashValue == right.hashValue }

    func hash(into hasher: inout Hasher) {
        hasher.combine(staleCalls)
        hasher.combine(losesAnswer)
        hasher.combine(asksTwice)
        hasher.combine(room?.blocks)
        hasher.combine(hidden != nil)
    }
}

extension SimulatedFileSystem {
    /// What a client hears.
    mutating func answer(_ request: NFSv3Request) -> Result<NFSv3Answer, RPCFailure> {
        do {
            return .success(try perform(request))
        } catch {
            return .failure(.status(error.rawValue))
        }
    }
}
