/// Something that will keep a hook from working, or may.
package struct HookFinding: Hashable, Sendable {
    /// Whether the hook cannot work.
    package let isFatal: Bool
    /// What is wrong.
    package let sentence: String
    /// What to do.
    package let remedy: String

    package init(isFatal: Bool = true, _ sentence: String, remedy: String) {
        self.isFatal = isFatal
        self.sentence = sentence
        self.remedy = remedy
    }
}
