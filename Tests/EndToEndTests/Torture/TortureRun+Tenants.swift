import Foundation
import Kubernetes
import Synchronization
import TestBed

extension TortureRun {
    /// Has tenants write to volumes: to those that are new, and to some of the others.
    func write(_ model: inout TortureModel, using dice: inout SeededGenerator) throws {
        for name in model.claims.keys.sorted() {
            let isNew = model.claims[name]?.data.isEmpty ?? false
            guard Int.random(in: 0..<3, using: &dice) == 0 || isNew else { continue }
            let seed = UInt64.random(in: 0...UInt64(UInt32.max), using: &dice)
            // The small share has not much room.
            guard isNew || model.claims[name]?.kind != .small else { continue }
            guard let volume = volumes.withLock({ $0[name] }) else { continue }
            try TenantData.write(seed, to: volume.directory)
            model.write(seed, to: name)
        }
    }

    /// So many claims at once, and their end at once.
    func flood(_ count: Int) async throws {
        let names = (1...count).map { "flood-\($0)" }
        let start = ContinuousClock.now
        try await forEach(names) { try await self.perform(.create(claim: $0, kind: .deleted), from: TortureModel()) }
        try await wait(forClaims: count, count: count)
        let directories = try FileManager.default.contentsOfDirectory(atPath: bed.root(of: .first).path())
            .filter { $0.contains("-flood-") }
        report.check("floodHasDirectories", directories.count == count, "\(directories.count), not \(count)")
        print("\(count) claims were bound after \((ContinuousClock.now - start).components.seconds) s")
        try await forEach(names) { try await self.delete($0) }
        try await wait(forClaims: 0, count: count)
        let left = try FileManager.default.contentsOfDirectory(atPath: bed.root(of: .first).path())
            .filter { $0.contains("-flood-") }
        report.check("floodIsGone", left.isEmpty, "\(left.count) directories are left")
        print("and gone after \((ContinuousClock.now - start).components.seconds) s")
    }

    private func forEach(_ names: [String], _ body: @escaping @Sendable (String) async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, name) in names.enumerated() {
                if index >= 32 { try await group.next() }
                group.addTask { try await body(name) }
            }
            try await group.waitForAll()
        }
    }

    private func wait(forClaims expected: Int, count: Int) async throws {
        try await bed.wait(
            for: "\(expected) of \(count) claims are bound",
            within: .seconds(60 + count / 2),
            every: .seconds(2)
        ) {
            let claims = try await scenario.admin.api(PersistentVolumeClaim.self)
                .page(limit: nil, namespace: scenario.namespace).items.filter { $0.key.name.hasPrefix("flood-") }
            let volumes = try await ourVolumes().filter { $0.spec?.claimRef?.name?.hasPrefix("flood-") ?? false }
            return claims.count == expected && volumes.count == expected
                && claims.allSatisfy { $0.status?.phase == .bound }
        }
    }
}
