import Foundation
import Kubernetes
import Provisioning
import Synchronization
import TestBed

extension TortureRun {
    /// Looks at every share and every record: nothing is lost, doubled or left over.
    func check(_ model: TortureModel) async throws {
        let known = volumes.withLock { $0 }
        for share in TortureShare.allCases {
            let contents = try ShareContents(bed.root(of: share))
            check(contents, share, model, known)
            try await checkCopies(contents, share, model)
        }
        try await verify()
        report.update { $0.claims = model.claims.count }
    }

    private func check(
        _ contents: ShareContents,
        _ share: TortureShare,
        _ model: TortureModel,
        _ known: [String: Volume]
    ) {
        var explained: Set<String> = []
        var recorded: Set<String> = []
        func isHere(_ claim: TortureModel.Claim) -> Bool { claim.kind.share == share }
        for (name, claim) in model.claims where isHere(claim) {
            guard let volume = known[name] else { continue }
            explained.insert(contents.entry(of: volume.directory))
            recorded.insert(volume.name)
            checkData("boundHasItsData", volume.directory, claim.data)
            noteReusedFileID(volume.directory)
            let record = contents.volumes[volume.name]
            report.check("boundHasItsRecord", record != nil && record?.release == nil, "\(name): \(volume.name)")
            let size = "\(claim.gibibytes)Gi"
            report.check(
                "recordHasItsSize",
                record?.capacity == size,
                "\(name): \(record?.capacity ?? "-"), not \(size)"
            )
            // How a restored one was made is told of its archive.
            var actions = contents.actions(of: volume.name)
            if let origin = claim.origin.flatMap({ known[$0] }) {
                actions.formUnion(contents.actions(of: origin.name).intersection([.restored]))
            }
            let isOnlyMade = actions.isSubset(of: [.created, .adopted, .restored, .withdrawn]) && !actions.isEmpty
            report.check("auditTellsOfBound", isOnlyMade, "\(name), \(volume.name): \(actions)")
        }
        for (name, claim) in model.retained where isHere(claim) {
            guard let volume = known[name] else { continue }
            explained.insert(contents.entry(of: volume.directory))
            recorded.insert(volume.name)
            checkData("retainedIsLeftAlone", volume.directory, claim.data)
            report.check("retainedIsRecorded", contents.volumes[volume.name]?.release?.action == .retain, volume.name)
            report.check("auditTellsOfRetained", contents.actions(of: volume.name).contains(.retained), volume.name)
        }
        var archives: Set<String> = []
        for (name, claim) in model.deleted where isHere(claim) {
            guard let volume = known[name] else { continue }
            let isThere = FileManager.default.fileExists(atPath: volume.directory.path())
            // Deleted while no controller watched: archived instead, and its record says so.
            if let archive = contents.archives[volume.name], archive.claimUnseen == true {
                archives.insert(volume.name)
                explained.insert(archive.to)
                continue
            }
            report.check("deletedIsGone", !isThere && contents.archives[volume.name] == nil, volume.directory.path())
            report.check("auditTellsOfDeleted", contents.actions(of: volume.name).contains(.deleted), volume.name)
        }
        for (name, archive) in model.archives where archive.share == share {
            guard let volume = known[name] else { continue }
            archives.insert(volume.name)
            if let directory = check(archive, contents, volume) { explained.insert(directory) }
        }
        // Whatever they came to, it is told and whole.
        let copied = Set(contents.archives.values.compactMap(\.copyOf))
        for record in contents.archives.values where !archives.contains(record.id) {
            // Another is made of its copy.
            if copied.contains(record.copyOf ?? record.id), [.purged, .lost].contains(record.state) { continue }
            let isFleeting = record.claim.map { model.fleeting[$0.name] != nil } ?? false
            report.check("noArchiveOfNothing", isFleeting && record.state == .archived, "\(record.id) \(record.state)")
            if isFleeting { explained.insert(record.to) }
        }
        for record in contents.volumes.values where !recorded.contains(record.volume) {
            // A controller that is killed right before the end leaves the record of what it released.
            let isReleased = record.release != nil || contents.archives[record.volume] != nil
            report.check("noRecordOfNothing", isReleased, "volumes/\(record.volume).json, of \(record.path)")
            let isFleeting = record.claim.map { model.fleeting[$0.name] != nil } ?? false
            if isFleeting, record.release?.action == .retain { explained.insert(contents.entry(of: record.path)) }
        }
        // The folders that a pattern makes stay when their last volume leaves.
        explained.formUnion([scenario.namespace, TortureContest.folder])
        let patterned = model.claims.filter { $0.value.kind == .patterned && isHere($0.value) }.keys
        let below = contents.names(in: "\(scenario.namespace)/team").subtracting(patterned)
            .union(contents.names(in: TortureContest.folder))
        let orphans = contents.root.subtracting(explained).union(below)
        report.check("noOrphans", orphans.isEmpty, "on \(share): \(orphans.sorted())")
        report.check("trashIsEmpty", contents.trash.isEmpty, "on \(share): \(contents.trash)")
        report.check("stagingIsEmpty", contents.staging.isEmpty, "on \(share): \(contents.staging)")
        report.check("recordsAreReadable", contents.flaws.isEmpty, "on \(share): \(contents.flaws)")
    }

    /// - Returns: The name in the share's root that is the archive's; nil: it has none.
    private func check(_ archive: TortureModel.Archive, _ contents: ShareContents, _ volume: Volume) -> String? {
        let record = contents.archives[volume.name]
        report.check("archiveHasItsRecord", record != nil, volume.name)
        guard let record else { return nil }
        let actions = contents.actions(of: volume.name)
        report.check("auditTellsOfArchived", !actions.isDisjoint(with: [.archived, .unpacked]), volume.name)
        // An adopted or restored volume has its directory again; nothing else may be at the old place of an archive.
        var isThere = archive.state == .archived || archive.state == .held
        switch archive.state {
        case .archived: report.check("archiveIsOne", record.state == .archived && record.hold == nil, "\(record)")
        case .held: report.check("holdHolds", record.state == .archived && record.hold != nil, "\(record)")
        case .restored: report.check("restoredIsNoArchive", record.state == .restored, "\(record.id) \(record.state)")
        case .purged: report.check("purgedIsGone", record.state == .purged, "\(record.id) \(record.state)")
        case .archivedOrPurged:
            isThere = record.state == .archived
            let isEither = isThere ? record.hold != nil : record.state == .purged
            report.check("holdOrPurge", isEither, "\(record.id) \(record.state)")
        case .expired:
            // Any other has been waited for.
            isThere = record.state == .archived && archive.hasWrongTimes
            report.check("expiredIsPurged", isThere || record.state == .purged, "\(record.id) \(record.state)")
        }
        if record.state == .purged { report.check("auditTellsOfPurged", actions.contains(.purged), record.id) }
        let directory = contents.folder.appending(path: record.to)
        guard isThere else { return nil }
        checkData("archiveHasItsData", directory, archive.data)
        return record.to
    }

    private func noteReusedFileID(_ directory: URL) {
        let attributes = try? FileManager.default.attributesOfItem(atPath: directory.path())
        guard let id = (attributes?[.systemFileNumber] as? NSNumber)?.uint64Value else { return }
        if removedFileIDs.withLock({ $0.contains(id) }) { report.update { $0.reusedFileIDs.insert(id) } }
    }

    private func checkData(_ invariant: String, _ directory: URL, _ seeds: [UInt64]) {
        let flaw = TenantData.flaw(in: directory, seeds: seeds)
        report.check(invariant, flaw == nil, flaw ?? "")
    }

    /// The program's own comparison finds nothing either.
    private func verify() async throws {
        let result = try await bed.command(["archive", "verify"])
        report.check("verifyFindsNothing", result.code == 0, result.output + result.error)
    }
}
