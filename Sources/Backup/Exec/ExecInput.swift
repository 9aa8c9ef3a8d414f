import Provisioning

/// The standard input of a hook's program.
struct ExecInput: Sendable {
    let kind: ExecHook.Input
    private let facts: HookFacts
    private let tar: TarSource?

    init(_ kind: ExecHook.Input, _ facts: HookFacts, _ tar: TarSource?) {
        self.kind = kind
        self.facts = facts
        self.tar = tar
    }

    /// Passes the input on piece by piece.
    ///
    /// - Parameter write: Takes a piece, and returns whether more is wanted.
    /// - Throws: What the tar stream throws; an error if there is no tree to make one of.
    func pieces(_ write: ([UInt8]) async -> Bool) async throws {
        switch kind {
        case .none:
            break
        case .json:
            _ = await write(facts.json)
        case .tar:
            guard let tar else { throw NoTree() }
            for try await piece in try await tar({ _ in }) where !piece.isEmpty {
                guard await write(piece) else { return }
            }
        }
    }

    /// The error of a hook that wants a tar stream at an event without a tree.
    private struct NoTree: Error, CustomStringConvertible {
        var description: String { "this phase has no directory to read; use stdin: json or none" }
    }
}
