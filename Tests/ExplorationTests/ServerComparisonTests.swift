import NFS
import Simulation
import TestBed
import Testing

/// The simulated server is held against a real one.
@Suite("The simulated NFS server")
struct ServerComparisonTests {
    private static let names: [NFSName] = ["a", "b", "c", "d"]

    @Test("Answers random sequences of calls as nfs-ganesha does")
    func comparison() async throws {
        var servers = try await ServerPair()
        let seed = UInt64.random(in: .min ... .max)
        var asked = 0
        sequences: for sequence in 0..<300 {
            var random = SeededGenerator(seed: seed &+ UInt64(sequence))
            try await servers.startAgain("sequence-\(sequence)")
            var history: [String] = []
            for _ in 0..<50 {
                let call = Self.call(&random, files: servers.files.count, regular: servers.regularFiles)
                let answers = await servers.ask(call)
                history.append("\(answers.request) → \(answers.real)")
                asked += 1
                guard answers.real == answers.simulated else {
                    let steps = history.joined(separator: "\n")
                    Issue.record(
                        "seed \(seed), sequence \(sequence): the simulated server says \(answers.simulated)\n\(steps)"
                    )
                    break sequences
                }
            }
        }
        await servers.close()
        print("compared \(asked) answers")
    }

    /// One call on files of the sequence; some of them may be gone.
    private static func call(
        _ random: inout SeededGenerator,
        files: Int,
        regular: [Int]
    ) -> (_ handle: (Int) -> NFS.FileHandle) -> NFSv3Request {
        // The root of the export holds the sequences, and is not one's own.
        let (one, other) = (Int.random(in: 1..<files, using: &random), Int.random(in: 1..<files, using: &random))
        let (name, newName) = (random.pick(names), random.pick(names))
        let mode = random.pick([UInt32(0o600), 0o755, 0o700, 0o644])
        let attributes = AttributeChanges(mode: mode)
        let (offset, count) = (UInt64.random(in: 0..<20, using: &random), Int.random(in: 0..<20, using: &random))
        let kind = Int.random(in: 0..<(regular.isEmpty ? 22 : 24), using: &random)
        let file = regular.isEmpty ? one : random.pick(regular)
        return { handle in
            switch kind {
            case 0: .getAttributes(of: handle(one))
            case 1: .setAttributes(of: handle(one), to: attributes)
            case 2: .setAttributes(of: handle(one), to: AttributeChanges(size: offset))
            case 3: .setAttributes(of: handle(one), to: AttributeChanges(uid: 7, gid: 8))
            case 4: .lookUp(name, in: handle(one))
            case 5: .readLink(handle(one))
            case 6: .read(handle(one), at: offset, count: count + 1)
            case 7, 8:
                .write(
                    Array("\(mode) and more".utf8.prefix(count + 1))[...],
                    to: handle(one),
                    at: offset,
                    stability: .stable
                )
            case 9, 10: .createFile(name, in: handle(one), attributes)
            case 11, 12, 13: .makeDirectory(name, in: handle(one), attributes)
            case 14: .makeSymbolicLink(name, in: handle(one), to: Array("\(newName)".utf8), AttributeChanges())
            case 15:
                .makeSpecialFile(
                    name,
                    in: handle(one),
                    type: .fifo,
                    device: DeviceNumber(major: 0, minor: 0),
                    attributes
                )
            case 16: .remove(name, in: handle(one))
            case 17: .removeDirectory(name, in: handle(one))
            case 18, 19, 20: .rename(name, from: handle(one), to: newName, in: handle(other))
            case 21:
                count.isMultiple(of: 2)
                    ? .readDirectory(handle(one), from: .start) : .listNames(handle(one), from: .start)
            // Of anything else ganesha says what it likes, or nothing at all: it leaves a LINK of a symbolic link that is
            // gone without an answer.
            case 22: .link(handle(file), as: name, in: handle(one))
            default: .commit(handle(file))
            }
        }
    }
}
