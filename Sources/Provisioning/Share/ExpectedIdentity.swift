/// What a share's identity must be for it to be used (rule R4).
package enum ExpectedIdentity: Sendable, Hashable {
    /// One of these, which volumes of the cluster remember. Where none does, any: a share without one gets it.
    case remembered(Set<String>)
    /// Any, but one it must have: what only looks at a share leaves no mark on it.
    case marked
}
