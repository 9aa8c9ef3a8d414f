/// A hook failed whose failure holds back what it was configured for.
package struct HookFailure: Error, Hashable, Sendable, CustomStringConvertible {
    package let result: HookResult
    /// What does not happen because of it.
    let heldBack: String

    package var description: String {
        "hook \(result.name) (\(result.phase.rawValue)) failed at attempt \(result.attempts): \(result.message);"
            + " \(heldBack)"
    }
}
