/// What one look at a server showed, from its name up to its two services.
package struct ServerObservation: Hashable, Sendable {
    /// Numeric, in the order in which they are tried.
    package let addresses: Result<[String], NFSError>
    /// How long its name took to resolve.
    package let resolving: Duration
    /// By address.
    package let nfs: [ServiceObservation]
    /// By address.
    package let mount: [ServiceObservation]
    /// What it says it exports; nil if it does not tell.
    package let exports: [ListedExport]?

    package init(
        addresses: Result<[String], NFSError>,
        resolving: Duration,
        nfs: [ServiceObservation] = [],
        mount: [ServiceObservation] = [],
        exports: [ListedExport]? = nil
    ) {
        self.addresses = addresses
        self.resolving = resolving
        self.nfs = nfs
        self.mount = mount
        self.exports = exports
    }

    /// Whether a mount has a chance.
    package var offersNFSv3: Bool {
        nfs.contains { $0.answer == .speaks } && mount.contains { $0.answer == .speaks }
    }
}

/// A directory that a server says it exports, as `showmount -e` shows it.
package struct ListedExport: Hashable, Sendable {
    package let path: String
    /// To whom, in the server's own words; nobody named is everybody.
    package let clients: [String]

    package init(path: String, clients: [String]) {
        self.path = path
        self.clients = clients
    }
}
