import Provisioning
import Testing

@testable import Commands
@testable import NFS

@Suite("doctor: checks of free space and of writing on an export")
struct DoctorWritingTests {
    private func checks(
        room: FileSystemStatistics? = nil,
        writes: Bool = true,
        _ purpose: ExportVerdict.Purpose = .volumes(remembered: []),
        writing change: ((inout WritingObservation) -> Void)? = { _ in }
    ) throws -> [Check.ID: Check] {
        let sight = try DoctorExportTests.sight { sight in
            try DoctorExportTests.mounted(&sight)
            sight.room = room.map { .success($0) }
            guard let change else { return }
            var writing = WritingObservation(folder: ".doctor-1")
            writing.owner = 0
            writing.clock = ClockObservation(before: 10, server: 11, after: 12)
            for step in [\WritingObservation.making, \.chown, \.chmod, \.contents, \.rename, \.removal] {
                writing[keyPath: step] = .succeeded
            }
            writing.missingTypes = []
            change(&writing)
            sight.writing = writing
        }
        return DoctorExportTests.checks(sight, purpose, writes: writes)
    }

    @Test(
        "Less than 10 % of the space, or 5 % of the inodes, is a warning; nothing left is a failure",
        arguments: [
            (UInt64(100), Check.Result.ok, Check.Result.ok), (10, .ok, .ok), (9, .warning, .ok), (5, .warning, .ok),
            (4, .warning, .warning), (0, .failed, .failed),
        ]
    )
    func room(available: UInt64, space: Check.Result, inodes: Check.Result) throws {
        let room = FileSystemStatistics(
            totalBytes: 100 << 30,
            freeBytes: 100 << 30,
            availableBytes: available << 30,
            totalFiles: 100,
            freeFiles: 100,
            availableFiles: available
        )
        let checks = try checks(room: room)
        #expect(checks[.exportSpace]?.result == space && checks[.exportFiles]?.result == inodes)
    }

    @Test("A file system that does not count inodes does not run out of them")
    func uncounted() throws {
        let room = FileSystemStatistics(
            totalBytes: 10,
            freeBytes: 10,
            availableBytes: 10,
            totalFiles: 0,
            freeFiles: 0,
            availableFiles: 0
        )
        #expect(try checks(room: room)[.exportFiles]?.result == .skipped)
    }

    private static let written: [Check.ID] = [
        .exportWritable, .exportSquash, .exportChown, .exportChmod, .exportTypes, .exportRename, .exportClock,
        .exportClean,
    ]

    @Test("Everything is well if all steps succeed; other checks are skipped with a reason")
    func all() throws {
        let (well, untried) = (try checks(), try checks(writes: false, writing: nil))
        let silent = try checks(writing: nil)
        for id in Self.written {
            #expect(well[id]?.result == .ok)
            #expect(untried[id]?.result == .skipped && untried[id]?.sentence.contains("--read-only") == true)
            #expect(silent[id]?.result == .skipped && silent[id]?.sentence.contains("stopped answering") == true)
        }
    }

    @Test(
        "Nothing can be written: the cause and the remedy",
        arguments: [
            (NFSError.Code.readOnly, "the export is read-only", "rw", Check.Result.skipped),
            (.permissionDenied, "permission denied", "no_root_squash", .failed),
            (.noSpace, "no space or quota is left", "free up space", .skipped),
        ]
    )
    func unwritable(code: NFSError.Code, words: String, remedy: String, squash: Check.Result) throws {
        let checks = try checks { writing in
            writing = WritingObservation(folder: ".doctor-1")
            writing.making = .failed(DoctorExportTests.error(code))
        }
        let check = try #require(checks[.exportWritable])
        #expect(check.result == .failed && check.sentence == "nothing can be written: \(words)", "\(check)")
        #expect(check.remedy?.contains(remedy) == true)
        // Only an export that maps root to somebody denies root anything.
        #expect(checks[.exportSquash]?.result == squash)
        #expect(checks[.exportChown]?.result == .skipped && checks[.exportRename]?.result == .skipped)
        #expect(checks[.exportClean]?.result == .ok)
    }

    @Test("A file of root that belongs to another user shows root_squash; so does a refused chown")
    func squashed() throws {
        let checks = try checks { writing in
            writing.owner = 65_534
            writing.chown = .failed(DoctorExportTests.error(.permissionDenied, status: 1))
        }
        #expect(checks[.exportSquash]?.result == .failed && checks[.exportSquash]?.sentence.contains("65534") == true)
        #expect(checks[.exportChown]?.sentence == "a file cannot be given to another user: permission denied")
        #expect(checks[.exportChown]?.remedy?.contains("no_root_squash") == true)
    }

    @Test("An export for copies need not leave files to root")
    func copies() throws {
        let checks = try checks(.copies) { $0.owner = 65_534 }
        #expect(checks[.exportSquash] == nil && checks[.exportChown] == nil && checks[.exportWritable]?.result == .ok)
    }

    @Test("What a server lacks is a warning: modes that cannot be changed, links and special files, READDIRPLUS")
    func lacking() throws {
        let lacking = try checks { writing in
            writing.chmod = .failed(DoctorExportTests.error(.permissionDenied, status: 1))
            writing.missingTypes = ["hard links", "special files"]
        }
        #expect(lacking[.exportChmod]?.result == .warning)
        #expect(lacking[.exportChmod]?.remedy?.contains(#"mountPermissions: "0""#) == true)
        let types = lacking[.exportTypes]
        #expect(types?.result == .warning && types?.sentence.hasSuffix("hard links and special files") == true)
        for (listsNamesOnly, result) in [(nil, Check.Result.skipped), (false, .ok), (true, .warning)] {
            let sight = try DoctorExportTests.sight {
                try DoctorExportTests.mounted(&$0)
                $0.listsNamesOnly = listsNamesOnly
            }
            #expect(DoctorExportTests.checks(sight)[.exportListing]?.result == result)
        }
    }

    @Test("A rename that fails, and what is left behind, are failures")
    func failures() throws {
        let checks = try checks { writing in
            writing.rename = .failed(DoctorExportTests.error(.crossesFileSystem))
            writing.removal = .failed(DoctorExportTests.error(.timedOut))
        }
        #expect(checks[.exportRename]?.result == .failed)
        #expect(checks[.exportClean]?.result == .failed)
        #expect(checks[.exportClean]?.sentence.hasPrefix(".doctor-1 was left behind") == true)
    }

    @Test(
        "Clocks that are more than 5 s apart are a warning",
        arguments: [
            (11.0, Check.Result.ok, "agree"), (17, .ok, "agree"), (17.6, .warning, "6 s ahead of"),
            (5, .ok, "agree"), (-50, .warning, "60 s behind"),
        ]
    )
    func clock(server: Double, result: Check.Result, words: String) throws {
        let check = try checks { $0.clock = ClockObservation(before: 10, server: server, after: 12) }[.exportClock]
        #expect(check?.result == result && check?.sentence.contains(words) == true, "\(check as Any)")
    }
}
