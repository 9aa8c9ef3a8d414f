/// What one look at a service at one of a server's addresses showed.
package struct ServiceObservation: Hashable, Sendable {
    package enum Answer: Hashable, Sendable {
        /// It speaks the version that is needed.
        case speaks
        /// It is there and speaks other versions alone; of NFS it is known whether 4 is one.
        case speaksOther(version4: Bool)
        /// It is there and turns us away, and why.
        case refuses(String)
        /// It takes connections and says nothing.
        case silent
        /// No connection, and why.
        case unreachable(String)
        /// Nobody says on which port it is, and why.
        case unmapped(String)
    }

    /// Numeric.
    package let address: String
    /// nil: it is not known.
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
