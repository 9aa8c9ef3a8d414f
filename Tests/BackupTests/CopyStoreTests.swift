import Foundation
import Kubernetes
import NFS
import Provisioning
import Testing

@testable import Backup

@Suite("Reading copies back", .timeLimit(.minutes(10)))
struct CopyStoreTests {
    @discardableResult
    private func withCopies<Value>(
        of space: CopySpace,
        at now: Timestamp = .now,
        _ body: ([StoredCopy]) async throws -> Value
    ) async throws -> Value {
        let store = try await CopyStore(space.hook.to, logger: CopySpace.logger)
        let result: Result<Value, any Error>
        do { result = .success(try await body(try await store.copies(now: now))) } catch { result = .failure(error) }
        await store.close()
        return try result.get()
    }

    /// What is wrong with each, after reading them; nil for what is well.
    private func problems(of space: CopySpace, at now: Timestamp = .now) async throws -> [String?] {
        try await withCopies(of: space, at: now) { copies in
            var problems: [String?] = []
            for copy in copies { problems.append(try await copy.verify { _ in }) }
            return problems
        }
    }

    /// The copy's tar archive, as far as it can be had.
    private func tar(of copy: StoredCopy) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        for try await piece in try await copy.tar() { bytes += piece }
        return bytes
    }

    private static let muchLater = Timestamp(seconds: Timestamp.now.seconds + 2 * CopyStore.grace)

    @Test(arguments: CopySpace.Place.allCases, CopyHook.Compression.allCases)
    func whatWasCopiedIsReadBack(_ place: CopySpace.Place, _ compression: CopyHook.Compression) async throws {
        let space = try CopySpace(place)
        try await space.shell(
            #"cd "$SOURCE"; head -c 1500000 /dev/urandom >blob; head -c 9000000 /dev/zero >zeros; ln -s blob link"#
        )
        var hook = space.hook
        hook.compression = compression
        #expect(try await space.attempt(hook, tar: space.tar).outcome == .succeeded)
        try await withCopies(of: space) { copies in
            let copy = try #require(copies.first)
            #expect(copies.count == 1 && copy.state == .complete && copy.id == "pvc-1" && copy.isOf("pvc-1"))
            #expect(copy.event == .sample())
            let problem = try await copy.verify { _ in }
            #expect(problem == nil)
            var expected: [UInt8] = []
            for try await piece in try await space.tar() { expected += piece }
            let read = try await tar(of: copy)
            #expect(read == expected)
        }
    }

    @Test(arguments: CopySpace.Place.allCases)
    func whatIsNoWholeCopyIsSaid(_ place: CopySpace.Place) async throws {
        let space = try CopySpace(place)
        try await space.shell(#"head -c 200000 /dev/urandom >"$SOURCE/blob""#)
        for (script, words) in [
            (#"printf x | dd of="$FILE" bs=1 seek=1000 conv=notrunc status=none"#, "SHA-256 differs from its manifest"),
            (#"truncate -s -1 "$FILE""#, "bytes of its manifest; it was truncated or changed"),
            (#"printf x >>"$FILE""#, "bytes of its manifest; it was truncated or changed"),
            (#"rm "$FILE""#, "missing, but its manifest exists"),
            (#"echo '{}' >"$FILE.json""#, "cannot be read"),
            (#"rm "$FILE.json""#, "has no manifest"),
            (#"mv "$FILE" "$FILE.tar.zst"; mv "$FILE.json" "$FILE.tar.zst.json""#, "describes another file"),
            (#"mkdir "$TARGET/other"; mv "$FILE" "$FILE.json" "$TARGET/other""#, "describes another file"),
            (#"rm "$FILE.json"; mv "$FILE" "$TARGET/shop-db/.tmp-1""#, "left by an interrupted copy"),
        ] {
            try await space.shell(#"rm -rf "$TARGET"/*"#)
            #expect(try await space.attempt(tar: space.tar).outcome == .succeeded)
            try await space.shell(script)
            let problems = try await problems(of: space, at: Self.muchLater)
            #expect(problems.count == 1 && problems[0]?.contains(words) == true, "\(script): \(problems)")
            try await withCopies(of: space, at: Self.muchLater) { copies in
                await #expect(throws: CopyError.self, "\(script)") { try await tar(of: copies[0]) }
            }
        }
    }

    @Test func whatIsBeingMadeIsNoProblemYet() async throws {
        let space = try CopySpace(.folder)
        try await space.shell(
            #"mkdir "$TARGET/shop-db"; cd "$TARGET/shop-db"; : >.tmp-1; : >pvc-1-x.tar.zst; : >notes"#
        )
        try await withCopies(of: space) { copies in
            #expect(copies.map(\.state) == [.unfinished, .unfinished])
            #expect(copies.map { $0.isOf("pvc-1") } == [false, true])
        }
        #expect(try await problems(of: space) == [nil, nil])
        #expect(try await problems(of: space, at: Self.muchLater).allSatisfy { $0 != nil })
    }

    @Test func aDestinationThatIsNotThereIsOneSentence() async throws {
        let error = await #expect(throws: (any Error).self) {
            try await CopyStore(.folder("/no/such"), logger: CopySpace.logger)
        }
        #expect(error.map { "\($0)" } == "open /no/such: No such file or directory; mount a volume there")
    }

    @Test("Highly compressed data is returned in small pieces, and truncated data is not a regular end")
    func zstd() throws {
        let encoder = try ZstdEncoder()
        let zeros = [UInt8](repeating: 0, count: 1 << 20)
        var compressed: [UInt8] = []
        for _ in 0..<63 { compressed += try encoder.encode(zeros, isLast: false) }
        compressed += try encoder.encode(zeros, isLast: true)
        #expect(compressed.count < 64 << 10)
        let decoder = try ZstdDecoder()
        var (position, count) = (0, 0)
        while position < compressed.count || decoder.state == .hasOutput {
            let piece = try decoder.decode(compressed, &position)
            #expect(piece.count <= 256 << 10)
            count += piece.count
        }
        #expect(count == 64 << 20 && decoder.state == .betweenFrames)
        position = 0
        let cut = Array(compressed.dropLast(5))
        while position < cut.count { _ = try decoder.decode(cut, &position) }
        #expect(decoder.state != .betweenFrames)
        position = 0
        #expect(throws: CopyError.self) { try ZstdDecoder().decode(Array("no zstd at all".utf8), &position) }
    }
}
