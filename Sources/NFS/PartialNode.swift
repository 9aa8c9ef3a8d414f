/// A file as a reply shows it; servers may leave out either part, and then it is asked for.
struct PartialNode: Sendable {
    let handle: FileHandle?
    let attributes: Attributes?
}
