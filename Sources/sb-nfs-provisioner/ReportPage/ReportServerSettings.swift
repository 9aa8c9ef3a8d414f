/// Where the reports are served, and how.
struct ReportServerSettings: Hashable {
    /// Files as cert-manager writes them; they may be replaced at any time.
    struct TLS: Hashable {
        /// The certificate, then those that vouch for it, as PEM.
        var certificateFile: String
        /// As PEM.
        var keyFile: String
    }

    var listen = SocketAddress(host: "0.0.0.0", port: 8443)
    /// nil: plain HTTP, to a proxy that does TLS.
    var tls: TLS?
}
