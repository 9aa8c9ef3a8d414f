/// What a share's identity must be (S7: no other share is used).
package enum ExpectedIdentity: Sendable, Hashable {
    /// One of these, which volumes of the cluster remember. Where none does, any: a share without one gets it.
    case remembered(Set<String>)
    /// Any, but one it must have: what only looks at a share leaves no mark on it.
    case marked
}
