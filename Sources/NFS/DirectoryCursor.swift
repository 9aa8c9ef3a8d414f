/// A place in a directory's listing. It is good for that directory, and as long as the server remembers it.
package struct DirectoryCursor: Hashable, Sendable {
    package static let start = DirectoryCursor(cookie: 0, verifier: 0)

    package let cookie: UInt64
    package let verifier: UInt64

    package init(cookie: UInt64, verifier: UInt64) {
        self.cookie = cookie
        self.verifier = verifier
    }
}
