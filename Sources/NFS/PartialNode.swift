/// A file as a reply shows it; servers may leave out either part, and then it is asked for.
package struct PartialNode: Hashable, Sendable {
    package let handle: FileHandle?
    package let attributes: Attributes?

    package init(handle: FileHandle?, attributes: Attributes?) {
        self.handle = handle
        self.attributes = attributes
    }
}
