import Foundation
import Kubernetes
import NFS
import Provisioning
import TestBed
import Testing

@testable import Backup

@Suite("Copies as hooks", .timeLimit(.minutes(10)))
struct CopyActionTests {
    private static let archive = "shop-db/pvc-1-20260131T080000Z.tar.zst"

    private struct MustNotBeRead: Error {}
    private static let unread: TarSource = { _ in throw MustNotBeRead() }

    private static let endless: TarSource = { _ in
        AsyncThrowingStream(unfolding: { (0..<(64 << 10)).map { _ in UInt8.random(in: .min ... .max) } })
    }

    private func manifest(_ space: CopySpace, _ file: String = archive) throws -> CopyManifest {
        let data = try Data(contentsOf: URL(fileURLWithPath: "\(space.target)/\(file).json"))
        return try JSONDecoder().decode(CopyManifest.self, from: data)
    }

    @Test(arguments: CopySpace.Place.allCases, CopyHook.Compression.allCases)
    func gnuTarUnpacksTheSameTree(_ place: CopySpace.Place, _ compression: CopyHook.Compression) async throws {
        let space = try CopySpace(place)
        try await space.shell(
            """
            cd "$SOURCE"; mkdir -p a/b "name with blanks"; echo text >a/b/file; ln -s ../a link; : >empty
            head -c 3000000 /dev/urandom >"name with blanks/blob"; head -c 9000000 /dev/zero >zeros
            ln a/b/file hard; chmod 640 a/b/file; chown 1234:2345 empty
            """
        )
        var hook = space.hook
        hook.compression = compression
        let attempt = try await space.attempt(hook, tar: space.tar)
        #expect(attempt.outcome == .succeeded, "\(attempt.message)")
        let file = compression == .zstd ? Self.archive : "shop-db/pvc-1-20260131T080000Z.tar"
        #expect(attempt.message.hasPrefix("copied to \(hook.to)/\(file) ("))
        #expect(space.files == [file, "\(file).json"])
        let seen = try await space.shell(
            """
            mkdir "$TARGET/again"; tar --auto-compress -xf "$FILE" -C "$TARGET/again"
            diff -r --no-dereference "$SOURCE" "$TARGET/again"
            stat -c "%a %h" "$TARGET/again/a/b/file"; stat -c "%u:%g" "$TARGET/again/empty"
            sha256sum <"$FILE"; stat -c %s "$FILE"
            case $FILE in *.zst) zstd -dc "$FILE" ;; *) cat "$FILE" ;; esac | wc -c
            """
        )
        let told = try manifest(space, file)
        #expect(
            seen.split(separator: "\n") == [
                "640 2", "1234:2345", "\(told.contents.sha256)  -", "\(told.contents.bytes)",
                "\(told.contents.tarBytes)",
            ]
        )
        #expect(told.facts == .sample && told.file == String(file.dropFirst("shop-db/".count)))
        #expect(attempt.bytes == told.contents.tarBytes)
    }

    @Test(arguments: CopySpace.Place.allCases)
    func aCopyThatIsThereEndsTheWorkAndAHarmedOneIsMadeAgain(_ place: CopySpace.Place) async throws {
        let space = try CopySpace(place)
        try await space.shell(#"head -c 200000 /dev/urandom >"$SOURCE/blob""#)
        let first = try await space.attempt(tar: space.tar)
        let again = try await space.attempt(tar: Self.unread)
        #expect(again.outcome == .succeeded && again.message.contains("already copied"), "\(again.message)")
        #expect(again.bytes == first.bytes)
        try await space.shell(#"printf x | dd of="$FILE" bs=1 seek=1000 conv=notrunc status=none"#)
        #expect(try await space.attempt(tar: Self.unread).outcome == .failed)
        #expect(try await space.attempt(tar: space.tar).outcome == .succeeded)
        try await space.shell(#"printf x >>"$FILE""#)
        #expect(try await space.attempt(tar: Self.unread).outcome == .failed)
        let other = HookFacts(.sample(), hook: "other")
        #expect(try await space.attempt(nil, other, tar: space.tar).outcome == .succeeded)
        #expect(try manifest(space).facts == other)
        #expect(try await space.shell(#"sha256sum <"$FILE""#) == "\(try manifest(space).contents.sha256)  -")
    }

    @Test(arguments: CopySpace.Place.allCases)
    func whatIsInterruptedLeavesNothing(_ place: CopySpace.Place) async throws {
        let space = try CopySpace(place)
        let task = Task { try await space.attempt(tar: Self.endless) }
        try await eventually("it is being written") { space.files.count == 1 }
        #expect(space.files.allSatisfy { $0.hasPrefix("shop-db/\(Export.temporaryPrefix)") })
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(space.files == [])
        let late = try await space.attempt(timeout: .milliseconds(300), tar: Self.endless)
        #expect(late.outcome == .timedOut)
        #expect(space.files == [])
    }

    @Test(arguments: CopySpace.Place.allCases)
    func aStreamThatBreaksLeavesNothing(_ place: CopySpace.Place) async throws {
        struct Lost: Error, CustomStringConvertible {
            var description: String { "the NFS server is gone" }
        }
        let space = try CopySpace(place)
        let attempt = try await space.attempt { _ in
            AsyncThrowingStream { continuation in
                for _ in 0..<32 { continuation.yield([UInt8](repeating: 7, count: 64 << 10)) }
                continuation.finish(throwing: Lost())
            }
        }
        #expect(attempt.message == "copy to \(space.hook.to): the NFS server is gone")
        #expect(space.files == [])
    }

    @Test(arguments: CopySpace.Place.allCases)
    func whatIsNotInTheCopyIsInItsMessage(_ place: CopySpace.Place) async throws {
        let space = try CopySpace(place)
        try await space.shell(#"cd "$SOURCE"; echo text >file"#)
        #expect(try await space.attempt(tar: space.tar).message.hasSuffix(")"))
        for name in ["a", "b"] { mknod("\(space.source)/\(name)", S_IFSOCK | 0o600, 0) }
        let other = try await space.attempt(nil, HookFacts(.sample(), hook: "other"), tar: space.tar)
        #expect(other.outcome == .succeeded && other.message.hasSuffix("); 2 sockets left out"))
    }

    @Test func whatATreeLacksReadsAsAPartOfASentence() {
        var tree = TarredTree()
        #expect(tree.notes == [])
        (tree.sockets, tree.vanished, tree.changed) = (1, 2, 1)
        let words = "1 socket left out; 2 entries removed by another client during the copy"
        #expect(tree.notes.joined(separator: "; ") == "\(words); 1 file grew during the copy and may be truncated")
    }

    /// As far as the system can be asked: no page of the file is in its cache before it is read back.
    @Test func whatIsReadBackComesFromTheDisk() async throws {
        let space = try CopySpace(.folder)
        let folder = try await LocalCopyFolder("claim", in: space.target, mayWrite: { true })
        let file = try await folder.create("file")
        try await file.write([UInt8](repeating: 7, count: 1 << 20), at: 0)
        try await file.flush()
        let path = "\(space.target)/claim/file"
        #expect(try cachedPages(path) == 256)
        try await file.dropCache()
        #expect(try cachedPages(path) == 0)
        let digest = try await file.digest(bytes: 1 << 20)
        #expect(try cachedPages(path) == 256)
        #expect(digest != nil)
    }

    /// mincore(2) of the whole file.
    private func cachedPages(_ path: String) throws -> Int {
        let descriptor = open(path, O_RDONLY)
        defer { close(descriptor) }
        let length = Int(lseek(descriptor, 0, SEEK_END))
        let start = try #require(mmap(nil, length, PROT_READ, MAP_SHARED, descriptor, 0))
        defer { munmap(start, length) }
        var pages = [UInt8](repeating: 0, count: length / 4096)
        try #require(mincore(start, length, &pages) == 0)
        return pages.count { $0 & 1 == 1 }
    }

    @Test(arguments: CopySpace.Place.allCases)
    func withoutTheRightToWriteNothingIsWritten(_ place: CopySpace.Place) async throws {
        let space = try CopySpace(place)
        let attempt = try await space.attempt(mayWrite: false, tar: Self.unread)
        #expect(attempt.outcome == .failed)
        #expect(attempt.message.contains("the right to write (the leader's lease) has expired"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: space.target) == [])
    }

    @Test func aDestinationThatCannotBeWrittenToIsOneSentence() async throws {
        let space = try CopySpace(.folder)
        let address = ExportAddress(server: space.bed.nfsServer, path: space.bed.exportReadOnly)
        let readOnly = try await space.attempt(CopyHook(to: .export(address, space.options)), tar: Self.unread)
        #expect(readOnly.outcome == .failed)
        #expect(readOnly.message.hasSuffix("the export is read-only; export it read-write to this client"))
        let missing = try await space.attempt(CopyHook(to: .folder("/no/such")), tar: Self.unread)
        #expect(
            missing.message
                == "copy to /no/such: create /no/such/shop-db: No such file or directory; mount a volume there"
        )
    }

    @Test(arguments: [
        (FaultyCopyFolder.Fault.full, "write /backup: No space left on device; free up space there"),
        (.flippedBit, "does not read back as written; check the disk and the network"),
    ])
    func afterAFaultOfTheDiskNothingIsLeft(_ fault: FaultyCopyFolder.Fault, _ sentence: String) async throws {
        let space = try CopySpace(.folder)
        try await space.shell(#"head -c 3000000 /dev/urandom >"$SOURCE/blob""#)
        let names = try CopyNames(.sample, .zstd)
        let folder = try await LocalCopyFolder(names.folder, in: space.target, mayWrite: { true })
        var run = CopyRun(
            hook: space.hook,
            facts: .sample,
            names: names,
            folder: FaultyCopyFolder(folder: folder, fault: fault)
        )
        let error = await #expect(throws: (any Error).self) { try await run.run(space.tar) }
        #expect("\(error.map { "\($0)" } ?? "")".hasSuffix(sentence))
        #expect(space.files == [])
        guard fault == .flippedBit else { return }
        run = CopyRun(hook: run.hook.unverified, facts: run.facts, names: names, folder: run.folder)
        #expect(try await run.run(space.tar).outcome == .succeeded)
    }

    @Test func namesAreNeverTooLongForAFolder() throws {
        var event = HookEvent.sample()
        event.claim = HookEvent.Claim(
            namespace: String(repeating: "n", count: 63),
            name: String(repeating: "c", count: 253),
            uid: "u"
        )
        #expect(try CopyNames(HookFacts(event, hook: "h"), .none).folder.bytes.count == NFSName.maximumLength)
        event.claim = nil
        let names = try CopyNames(HookFacts(event, hook: "h"), .none)
        #expect(names.folder == "pvc-1" && names.manifest == "pvc-1-20260131T080000Z.tar.json")
    }
}

extension CopyHook {
    fileprivate var unverified: CopyHook {
        var hook = self
        hook.verify = false
        return hook
    }
}
