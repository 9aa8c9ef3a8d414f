import Foundation
import Kubernetes
import Provisioning
import Synchronization
import TestBed

/// A copy that was looked at, and what it should hold.
struct TortureCopy: Hashable, Sendable {
    var file: String
    var changed: Date?
    var seeds: [UInt64]
}

extension TortureRun {
    /// What was copied by a hook is whole in its copies, and the archive's record has one result of each hook and phase.
    func checkCopies(_ contents: ShareContents, _ share: TortureShare, _ model: TortureModel) async throws {
        let known = volumes.withLock { $0 }
        for (name, archive) in model.archives where archive.share == share {
            guard let id = known[name]?.name, let record = contents.archives[id] else { continue }
            let results = record.hooks ?? []
            let isOnce = Set(results.map { "\($0.name) \($0.phase)" }).count == results.count
            report.check("oneResultOfEachHook", isOnce, "\(id): \(results)")
            guard let phase = archive.kind.copyPhase, record.claimUnseen != true || phase != .beforePurge else {
                continue
            }
            // Before a purge there is none to have, and a deletion is recorded nowhere.
            if phase != .beforePurge || archive.kind == .expiring && record.state == .purged {
                let hook = bed.configuration.hook(of: archive.kind)
                let own = results.filter { $0.name == hook && $0.phase == phase && $0.outcome == .succeeded }
                report.check("hookHasSucceeded", own.count == 1 && results.count == 1, "\(id): \(results)")
            } else if archive.kind == .expiring {
                continue
            }
            try await checkCopies(of: record.volumeName, name, archive.data)
        }
        for (name, claim) in model.deleted where claim.kind.share == share && claim.kind.copyPhase != nil {
            guard let id = known[name]?.name, contents.archives[id] == nil else { continue }
            try await checkCopies(of: id, name, claim.data)
        }
    }

    /// Each copy that has a manifest is what the manifest says, and holds every byte that was written; there is one.
    private func checkCopies(of volume: String, _ claim: String, _ seeds: [UInt64]) async throws {
        let folder = bed.configuration.copies.appending(path: "\(scenario.namespace)-\(claim)")
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []
        let manifests = names.filter { $0.hasPrefix("\(volume)-") && $0.hasSuffix(".tar.zst.json") }
        report.check("copyIsThere", !manifests.isEmpty, "of \(volume) in \(folder.path()): \(names)")
        for manifest in manifests {
            let file = folder.appending(path: String(manifest.dropLast(5)))
            let attributes = try? FileManager.default.attributesOfItem(atPath: file.path())
            let changed = attributes?[.modificationDate] as? Date
            let copy = TortureCopy(file: file.path(), changed: changed, seeds: seeds)
            guard !wholeCopies.withLock({ $0.contains(copy) }) else { continue }
            let flaw = try await flaw(in: file, folder.appending(path: manifest), seeds)
            report.check("copyIsWhole", flaw == nil, "\(file.path()): \(flaw ?? "")")
            if flaw == nil { _ = wholeCopies.withLock { $0.insert(copy) } }
        }
    }

    /// Without the product's code: with GNU tar and the programs of zstd and coreutils.
    private func flaw(in file: URL, _ manifest: URL, _ seeds: [UInt64]) async throws -> String? {
        struct Manifest: Decodable {
            var file: String
            var sha256: String
        }
        let said = try JSONDecoder().decode(Manifest.self, from: Data(contentsOf: manifest))
        let tree = bed.folder.appending(path: "unpacked")
        try FileManager.default.createDirectory(at: tree, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: tree) }
        let words = #"tar --zstd -xpf "$1" -C "$2" && sha256sum "$1""#
        let result = try await bed.run(["sh", "-c", words, "sh", file.path(), tree.path()])
        guard result.code == 0 else { return result.error }
        guard result.output.hasPrefix(said.sha256 + " "), said.file == file.lastPathComponent else {
            return "is not what its manifest says: \(said), \(result.output)"
        }
        return TenantData.flaw(in: tree, seeds: seeds)
    }
}
