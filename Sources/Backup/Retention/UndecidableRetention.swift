/// Why a policy cannot decide how long an archive is kept; the archive stays.
struct UndecidableRetention: Error, Sendable, Hashable {
    let reason: String
}
