import Backup
import Settings
import Yams

/// The address and the TLS files of the report page.
struct ReportServerSettings: Hashable {
    /// Files as cert-manager writes them; they may be replaced at any time.
    struct TLS: Hashable {
        /// The certificate chain as PEM, the server's own certificate first.
        var certificateFile: String
        /// The private key as PEM.
        var keyFile: String
    }

    var listen = SocketAddress(host: "0.0.0.0", port: 8443)
    /// nil for plain HTTP, behind a proxy that terminates TLS.
    var tls: TLS?
}

extension ReportServerSettings {
    /// Reads the section.
    ///
    /// - Parameters:
    ///   - node: The value of `reports`.
    ///   - file: The file's path, for messages.
    /// - Throws: `SectionError` with every mistake.
    init(_ node: Node, file: String) throws(SectionError) {
        var reader = SectionReader(file: file)
        let section = SectionPart(name: "reports", node: node)
        let parts = reader.mapping(section, keys: ["listen", "tls", "insecure"]) ?? [:]
        listen =
            reader.value(parts["listen"], expected: "use host:port, such as 0.0.0.0:8443") { SocketAddress($0) }
            ?? listen
        if let part = parts["tls"] { tls = TLS(part, reader: &reader) }
        let isInsecure = reader.flag(parts["insecure"]) ?? false
        if let part = parts["tls"], isInsecure { reader.note(part, "is given together with insecure: true: use one") }
        if parts["tls"] == nil, !isInsecure {
            reader.note(
                section,
                "has no tls: name certificateFile and keyFile, or write insecure: true if a proxy does TLS"
            )
        }
        try reader.finish()
    }
}

extension ReportServerSettings.TLS {
    /// - Returns: nil, with a mistake noted, if a file is missing.
    fileprivate init?(_ part: SectionPart, reader: inout SectionReader) {
        let keys = ["certificateFile", "keyFile"]
        guard let parts = reader.mapping(part, keys: keys, required: keys) else { return nil }
        let (certificate, key) = (reader.text(parts["certificateFile"]), reader.text(parts["keyFile"]))
        guard let certificate, let key else { return nil }
        (certificateFile, keyFile) = (certificate, key)
    }
}
