/// A request to a server of the admin's.
package struct HTTPHook: Hashable, Sendable {
    /// An `https` address.
    package var url: String
    /// A file of PEM certificates: whose signature the server's certificate must bear. `nil` for the authorities the
    /// system trusts.
    package var caFile: String?
    /// A file with the secret that requests are signed with. Read at each request; a line break at its end is not part of
    /// it.
    package var secretFile: String?
    /// A file with a bearer token. Read at each request.
    package var tokenFile: String?

    package init(url: String) {
        self.url = url
    }
}
