/// A certificate that tells the API server who asks.
package struct ClientCertificate: Hashable, Sendable {
    /// The certificate, then those that vouch for it, as PEM.
    package var chain: TextSource
    /// Its private key, as PEM.
    package var key: TextSource

    package init(chain: TextSource, key: TextSource) {
        self.chain = chain
        self.key = key
    }
}
