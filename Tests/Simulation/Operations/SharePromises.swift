import Foundation
import NFS

/// What has to hold of a share after any history, read from the simulated file system and from the records as they are.
struct SharePromises {
    let story: Story
    let history: History
    let outcomes: [String?]
    let tree: ShareTree
    let archives: [ArchiveFile]
    let volumes: [VolumeFile]
    private(set) var broken: [String] = []

    init(_ story: Story, _ ending: Ending) {
        self.story = story
        history = ending.history
        outcomes = story.outcomes(in: history)
        tree = ShareTree(ending.share)
        let (archives, damagedArchives) = RecordFiles.read(ArchiveFile.self, "archives", of: tree)
        let (volumes, damagedVolumes) = RecordFiles.read(VolumeFile.self, "volumes", of: tree)
        self.archives = archives
        self.volumes = volumes
        broken = damagedArchives + damagedVolumes
        checkData()
        checkOutcomes()
        if !isDisturbed { checkRecords() }
    }

    // MARK: What happened

    func did(_ kinds: ShareOperation...) -> Bool {
        zip(story.kinds, outcomes).contains { kinds.contains($0) && $1 == ShareOperation.done }
    }

    func has(_ kinds: ShareOperation...) -> Bool { story.kinds.contains(where: kinds.contains) }

    private var deeds: [AdminDeed] { history.deeds.map { AdminDeed.allCases[$0] } }

    /// Whether records rightly speak of what is not there any more: somebody has moved it, or all numbers are new.
    var isDisturbed: Bool { history.faults.contains(.renumbered) || !deeds.isEmpty }

    private var old: ArchiveFile? { archives.first { $0.id == ShareScenario.archive } }

    /// Whether a hold is placed on the archive: each has a file of its own.
    private var isHeld: Bool {
        tree.names(in: ".sb-nfs-provisioner/holds").contains { name in
            name.hasPrefix("\(ShareScenario.archive)~") && name.hasSuffix(".json") && !name.hasSuffix("~released.json")
        }
    }

    mutating func report(_ words: String, unless isFine: Bool) {
        if !isFine { broken.append(words) }
    }

    // MARK: Data

    private mutating func checkData() {
        let adopted = tree.paths(of: ShareScenario.data(of: ShareScenario.adopted))
        report("the adopted data is at \(adopted)", unless: adopted == ["\(ShareScenario.adopted)/file"])
        checkBound()
        checkOld()
        let neighbour = tree.paths(of: ShareScenario.data(of: AdminDeed.neighbour))
        let isThere = deeds.contains(.replaceVolume) || deeds.contains(.replaceArchive)
        if isThere, neighbour.isEmpty { broken.append("a neighbour's data is lost") }
    }

    private mutating func checkBound() {
        let places = tree.paths(of: ShareScenario.data(of: ShareScenario.bound))
        if deeds.contains(.replaceVolume) {
            report("the volume's data is lost, which was moved by hand", unless: !places.isEmpty || has(.delete))
        } else if !has(.archive, .delete) {
            let path = "\(ShareScenario.path(of: ShareScenario.bound))/file"
            report("a bound volume's data is at \(places), not in its place", unless: places == [path])
        } else if !has(.delete) {
            report("a released volume's data is at \(places), not in one place", unless: places.count == 1)
        }
    }

    private mutating func checkOld() {
        let places = tree.paths(of: ShareScenario.data(of: "old"))
        let copies = zip(story.kinds, story.claims).filter { $0.0 == .restoreByCopy }
            .map { "\(ShareScenario.path(of: $0.1))/file" }
        let originals = places.filter { !copies.contains($0) }
        let isSeveral = originals.count > 1 && !has(.copyRestore)
        report("the archive's data is in several places: \(originals)", unless: !isSeveral)
        let wasRemovedByHand = deeds.contains(.removeArchive) || deeds.contains(.replaceArchive)
        let mayBeGone = has(.purge, .retention, .copyRestore) && ["purged", "purging"].contains(old?.state)
        let isLost = originals.isEmpty && !mayBeGone && !wasRemovedByHand
        report("the archive's data is lost; its record says \(old?.state ?? "nothing")", unless: !isLost)
        guard !isDisturbed else { return }
        if old?.state == "archived", let to = old?.to {
            report("the archive's data is not in \(to) but at \(originals)", unless: originals.contains("\(to)/file"))
        }
        // What was made of a copy and moved into a volume since is that volume's.
        if old?.state == "purged", !has(.copyRestore) {
            report("the archive is recorded as purged, and its data is at \(originals)", unless: originals.isEmpty)
        }
    }

    // MARK: What was said to be done

    private mutating func checkOutcomes() {
        // A restarted server may change the ids of its file systems.
        for outcome in outcomes.compactMap(\.self) where outcome.contains("another file system") {
            broken.append("there is one file system alone, and an operation ended with: \(outcome)")
        }
        if did(.hold), !has(.release), !isDisturbed {
            let words = "the hold was placed, and the archive is \(old?.state ?? "gone")"
            report(
                words + (isHeld ? "" : " without a hold"),
                unless: old?.state == "archived" && isHeld
            )
        }
        if did(.purge), !has(.copyRestore), !isDisturbed {
            report("the purge was done, and the archive is \(old?.state ?? "gone")", unless: old?.state == "purged")
        }
        for (number, kind) in story.kinds.enumerated() where outcomes[number] == ShareOperation.done {
            guard kind == .restoreByMove || kind == .restoreByCopy else { continue }
            let path = "\(ShareScenario.path(of: story.claims[number]))/file"
            let isThere = tree.paths(of: ShareScenario.data(of: "old")).contains(path)
            report("the restore for \(story.claims[number]) was done, and its data is not at \(path)", unless: isThere)
        }
    }

    // MARK: Records

    private mutating func checkRecords() {
        for name in tree.names(in: "") where name.hasPrefix("archived-") {
            let isRecorded = archives.contains { $0.to == name && $0.isOnShare }
            report("the directory \(name) has no record", unless: isRecorded)
        }
        for record in archives {
            let number = tree.number(of: record.to)
            let isThere = record.state != "archived" || number == record.directory.fileID
            report("the archive \(record.id) is recorded, and its directory is not in \(record.to)", unless: isThere)
            let isAtRest = !["intent", "renamed", "restoring", "purging"].contains(record.state)
            report("the archive \(record.id) stays \(record.state)", unless: isAtRest || isStopped(record))
        }
        checkOwners()
        for folder in ["trash", "staging"] {
            let stopped = archives.filter(isStopped).map { "\($0.id)~removing" }
            let names = tree.names(in: ".sb-nfs-provisioner/\(folder)").filter { !stopped.contains($0) }
            report("\(folder) still has \(names.joined(separator: ", "))", unless: names.isEmpty)
        }
    }

    /// Nothing but the admin's own purge goes on past a hold, also one that came too late.
    private func isStopped(_ record: ArchiveFile) -> Bool {
        record.id == ShareScenario.archive && record.state == "purging" && isHeld
    }

    private mutating func checkOwners() {
        var owners: [DirectoryNumber: Set<String>] = [:]
        for record in archives where record.isOnShare { owners[record.directory, default: []].insert(record.id) }
        for record in volumes where record.release == nil {
            if let directory = record.directory { owners[directory, default: []].insert(record.volume) }
        }
        for (number, names) in owners where names.count > 1 {
            broken.append("two records name the directory \(number.fileID): \(names.sorted().joined(separator: ", "))")
        }
    }
}
