/// A place in a directory's listing. It is good for that directory, and as long as the server remembers it.
package struct DirectoryCursor: Hashable, Sendable {
    package static let start = DirectoryCursor(cookie: 0, verifier: 0)

    let cookie: UInt64
    let verifier: UInt64
}
