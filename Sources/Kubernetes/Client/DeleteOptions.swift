/// The body of a DELETE (`meta/v1`).
struct DeleteOptions: Encodable, Sendable {
    /// What must hold for the object to be deleted.
    struct Preconditions: Encodable, Sendable {
        var uid: String?
    }

    let apiVersion = "v1"
    let kind = "DeleteOptions"
    var preconditions: Preconditions
}
