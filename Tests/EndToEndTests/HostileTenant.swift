import Foundation
import NFS
import Subprocess
import SystemPackage
import Testing

/// Somebody who has a volume's directory mounted, as root, and wants others' data harmed by whoever tidies up after.
struct HostileTenant {
    /// Data of others on the same export.
    let outside: URL

    /// Makes a folder of others' data beside the volumes.
    init(besideVolumesOf scenario: Scenario) async throws {
        outside = scenario.share.appending(path: "outside")
        try await Self.shell(
            """
            umask 022; mkdir "$1"; cd "$1"; mkdir -p a/b empty; echo precious >kept; echo more >a/b/file; ln -s a link
            chmod 640 kept; chown 1234:5678 a/b/file; chmod 700 a; touch -d @1234567890 kept a/b/file a/b a empty
            """,
            outside.path()
        )
    }

    /// Fills a volume with all that a share can hold: links out of it at every level, to and of what is outside; names of
    /// any bytes; a tree 200 deep, and one whose paths are longer than a kernel takes; 10,000 files in one folder; what
    /// only its owner may look into; what is no file.
    func fill(_ volume: URL) async throws {
        try await Self.shell(
            #"""
            cd "$1"; outside=$2
            escape() { ln -s "$outside" out; ln -s ../../outside up; ln -s / root; ln -s . self; ln "$outside/kept" hard; }
            escape
            mkdir wide; (cd wide; seq 10000 | xargs touch)
            (i=0; while [ $i -lt 200 ]; do mkdir d; cd d; escape; i=$((i + 1)); done)
            touch "$(printf '\303\050\377')" "$(printf 'a\nb')" "$(printf '\033[31m')" -- '-rf' '*' '...' '.sb-nfs-provisioner'
            mkdir "$(printf 'd\377')"; mkfifo fifo
            python3 - <<'END'
            import os, socket
            socket.socket(socket.AF_UNIX).bind("socket")
            for level in range(20):
                os.mkdir("n" * 255)
                os.chdir("n" * 255)
            open("n" * 255, "w").write("deep")
            END
            mkdir -p locked/inner; touch locked/file locked/inner/file; chown -R 4711:4711 locked
            (cd locked; escape); chmod 0 locked/inner locked
            """#,
            volume.path(),
            outside.path()
        )
    }

    /// Makes twenty directories with files in them, and a link out of the volume for each.
    func fillToSwap(_ volume: URL) async throws {
        try await Self.shell(
            """
            cd "$1"
            for i in $(seq 0 19); do mkdir -p "d$i/deep"; (cd "d$i"; seq 100 | xargs touch; cd deep; touch a b kept file); done
            for i in $(seq 0 9); do ln -s ../outside "l$i"; ln -s ../../outside/a "d$i/out"; done
            for i in $(seq 10 19); do ln -s "$2" "l$i"; done
            """,
            volume.path(),
            outside.path()
        )
    }

    /// Swaps those directories and links with each other over and over, through the server, until the volume is gone.
    ///
    /// - Returns: How many were swapped.
    func swapUntilGone(
        _ volume: NFS.FileHandle,
        on export: Export,
        onSwap: @Sendable () -> Void
    ) async throws -> Int {
        let deadline = ContinuousClock.now + .seconds(60)
        var swaps = 0
        var tries = 0
        var isGone = false
        while !isGone {
            tries += 1
            try #require(
                ContinuousClock.now < deadline,
                "the volume is not removed while its tenant swaps things in it"
            )
            let (directory, link) = (try NFSName("d\(tries % 20)"), try NFSName("l\(tries % 20)"))
            do throws(NFSError) {
                try await export.rename(directory, in: volume, to: "aside", in: volume)
                try await export.rename(link, in: volume, to: directory, in: volume)
                try await export.rename("aside", in: volume, to: link, in: volume)
                swaps += 1
                onSwap()
            } catch {
                // Else the removal was there first.
                isGone = error.code == .stale
            }
        }
        return swaps
    }

    /// Puts something where a volume or an archive is to be: `link`, to the others' data; `link-to-root`; or a copy of what
    /// has that name among the others' data.
    func plant(_ kind: String, as place: URL) async throws {
        try await Self.shell(
            """
            case $3 in
                link) ln -s "$2" "$1" ;;
                link-to-root) ln -s / "$1" ;;
                *) cp -a "$2/$3" "$1" ;;
            esac
            """,
            place.path(),
            outside.path(),
            kind
        )
    }

    /// What others have, and what they have to have afterwards: names, file ids, kinds, modes, owners, sizes, times, content.
    func snapshot() async throws -> String {
        try await Self.listing(of: outside, "%i %M %U:%G %T@ %s %l %p")
    }

    /// What a tree holds, of which a copy is the same: as a snapshot, but for file ids and what a server gives links and
    /// directories itself.
    static func contents(of tree: URL) async throws -> String {
        try await listing(of: tree, "%M %U:%G %l %p")
    }

    private static func listing(of tree: URL, _ format: String) async throws -> String {
        try await shell(
            #"""
            if [ -L "$1" ] || [ ! -d "$1" ]; then find "$1" -printf "$2"; exit; fi
            cd "$1"; find . -printf "$2\0" | LC_ALL=C sort -z | tr '\0' '\n' | sha256sum
            find . -printf "$2\0" | LC_ALL=C sort -z | head -z -n 100 | tr '\0' '\n'
            find . -type f -execdir sha256sum {} + | LC_ALL=C sort | sha256sum
            """#,
            tree.path(),
            format
        )
    }

    @discardableResult
    private static func shell(_ script: String, _ arguments: String...) async throws -> String {
        let result = try await Subprocess.run(
            .path("/bin/sh"),
            arguments: Arguments(["-euc", script, "sh"] + arguments),
            output: .bytes(limit: 1 << 20),
            error: .string(limit: 1 << 16)
        )
        try #require(result.terminationStatus.isSuccess, "\(result.standardError)")
        return String(decoding: result.standardOutput, as: UTF8.self)
    }
}
