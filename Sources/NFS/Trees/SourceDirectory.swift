import Synchronization

/// A directory of a tree that is being copied, and its path from the top. If its handle goes stale, it is found again
/// by name.
final class SourceDirectory: Sendable {
    private struct State {
        var handle: FileHandle
        var parent: SourceDirectory?
    }

    /// `nil` for the top of the tree.
    let name: NFSName?
    /// The attributes when the directory was first found.
    let attributes: Attributes
    private let state: Mutex<State>

    /// The top of a tree.
    init(top: Node) {
        name = nil
        attributes = top.attributes
        state = Mutex(State(handle: top.handle))
    }

    /// A directory below the top.
    init(_ entry: TreeEntry, in parent: SourceDirectory) {
        name = entry.name
        attributes = entry.attributes
        state = Mutex(State(handle: entry.node.handle, parent: parent))
    }

    deinit { releaseAncestors() }

    /// Releases the ancestors one after the other: nested releases would need a stack as deep as the tree.
    private func releaseAncestors() {
        var last = takeParent()
        while last != nil, isKnownUniquelyReferenced(&last) { last = last?.takeParent() }
    }

    var handle: FileHandle { state.withLock(\.handle) }

    /// `nil` at the top.
    var parent: SourceDirectory? { state.withLock(\.parent) }

    /// Records the current handle of the directory.
    func learn(_ handle: FileHandle) { state.withLock { $0.handle = handle } }

    private func takeParent() -> SourceDirectory? { state.withLock { $0.parent.take() } }
}
