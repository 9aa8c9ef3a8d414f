/// What a request says about who asks, besides a client certificate.
package enum Credential: Hashable, Sendable {
    /// Nothing: a client certificate says it, or nobody does.
    case anonymous
    /// A bearer token; a file is read again every minute, because the cluster replaces it.
    case token(TextSource)
    /// A program that hands out credentials.
    case exec(ExecPlugin)
}
