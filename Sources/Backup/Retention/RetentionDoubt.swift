/// Why a policy cannot tell how long an archive is kept; it is kept, then.
struct RetentionDoubt: Error, Sendable, Hashable {
    let reason: String
}
