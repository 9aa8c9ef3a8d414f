/// A directory met in the listing of another.
struct FoundDirectory: Hashable, Sendable {
    let name: NFSName
    let handle: FileHandle
}
