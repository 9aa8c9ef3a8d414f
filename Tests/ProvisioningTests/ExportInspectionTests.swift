import Foundation
import Logging
import NFS
import Synchronization
import TestBed
import Testing

@testable import Provisioning

@Suite("Inspecting an export leaves nothing on it")
struct ExportInspectionTests {
    private static func everything(in folder: URL) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder.path()).sorted()
    }

    @Test(
        "On a healthy export everything succeeds, on a new one and on one that a controller uses",
        arguments: [false, true]
    )
    func sound(isUsed: Bool) async throws {
        try await ShareFixture.run { fixture in
            if isUsed { _ = try await fixture.provision(fixture.plan("data")) }
            let before = try Self.everything(in: fixture.folder)
            let sight = await ExportInspection(of: fixture.address, writes: true).run()
            let writing = try #require(sight.writing)
            for attempt in [writing.making, writing.chown, writing.contents, writing.rename, writing.removal] {
                #expect(attempt == .succeeded)
            }
            #expect(writing.owner == 0 && writing.clock?.difference.magnitude ?? 9 < 5)
            #expect(writing.folder.hasPrefix(".sb-nfs-provisioner/") == isUsed)
            #expect(try (sight.marker?.get() != nil) == isUsed)
            #expect(try #require(sight.room).get().totalBytes > 0)
            #expect(try Self.everything(in: fixture.folder) == before)
        }
    }

    @Test("A read-only inspection does not write")
    func readOnly() async throws {
        try await ShareFixture.run { fixture in
            let changed = try FileManager.default.attributesOfItem(atPath: fixture.folder.path())[.modificationDate]
            let sight = await ExportInspection(of: fixture.address, writes: false).run()
            #expect(sight.writing == nil && sight.room != nil)
            let now = try FileManager.default.attributesOfItem(atPath: fixture.folder.path())[.modificationDate]
            #expect(changed as? Date == now as? Date)
        }
    }

    @Test("Simultaneous inspections do not collide")
    func together() async throws {
        try await ShareFixture.run { fixture in
            let address = fixture.address
            let sights = await withTaskGroup(of: ExportObservation.self) { group in
                for _ in 1...8 { group.addTask { await ExportInspection(of: address, writes: true).run() } }
                return await group.reduce(into: []) { $0.append($1) }
            }
            for sight in sights {
                #expect(sight.writing?.rename == .succeeded && sight.writing?.removal == .succeeded)
            }
            let left = try Self.everything(in: fixture.folder)
            #expect(left == [])
        }
    }

    /// Cancels the task that takes a step.
    private final class Interruption: Sendable {
        private let taken = Mutex(0)

        func count(upTo step: Int) {
            withUnsafeCurrentTask { task in
                guard let task else { return }
                let number = taken.withLock { taken in
                    taken += 1
                    return taken
                }
                if number == step { task.cancel() }
            }
        }
    }

    /// All changes before the removal, which is a task of its own.
    private static let steps = 13

    @Test("An inspection cancelled at any step leaves nothing behind", arguments: 1...steps)
    func cancelled(step: Int) async throws {
        try await ShareFixture.run { fixture in
            let interruption = Interruption()
            let export = Export(
                address: fixture.address.export.address,
                options: fixture.address.options,
                mayWrite: {
                    interruption.count(upTo: step)
                    return true
                },
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
            let root = try await export.root().handle
            let trial = WritingTrial(export: export, parent: root, name: ".doctor-1", place: ".doctor-1")
            let sight = await Task { await trial.run() }.value
            await export.close()
            #expect(sight.making == .succeeded && sight.removal == .succeeded)
            #expect(sight.rename != .succeeded)
            let left = try Self.everything(in: fixture.folder)
            #expect(left == [])
        }
    }

    @Test(
        "The duration of the request is no difference of the clocks",
        arguments: [
            (10.0, 0.0), (11.5, 0.0), (12.0, 0.0), (20.0, 8.0), (4.0, -6.0), (9.5, -0.5),
        ]
    )
    func clock(server: Double, difference: Double) {
        #expect(ClockObservation(before: 10, server: server, after: 12).difference == difference)
    }
}
