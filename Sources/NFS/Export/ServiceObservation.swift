/// The result of one probe of a service at one of a server's addresses.
package struct ServiceObservation: Hashable, Sendable {
    package enum Answer: Hashable, Sendable {
        /// It supports the required version.
        case speaks
        /// It answers but supports only other versions; for NFS, `version4` says whether 4 is one of them.
        case speaksOther(version4: Bool)
        /// It rejects the call, for this reason.
        case refuses(String)
        /// It accepts connections and does not answer.
        case silent
        /// No usable connection, for this reason.
        case unreachable(String)
        /// Its port is unknown, for this reason.
        case unmapped(String)
    }

    /// The numeric address.
    package let address: String
    /// `nil` if the port is unknown.
    package let port: UInt16?
    package let answer: Answer
    /// Our end of the connection.
    package let source: LocalAddress?

    package init(address: String, port: UInt16?, answer: Answer, source: LocalAddress? = nil) {
        self.address = address
        self.port = port
        self.answer = answer
        self.source = source
    }
}
