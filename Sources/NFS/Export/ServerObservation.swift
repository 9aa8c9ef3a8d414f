/// The result of one probe of a server, from its name to its two services.
package struct ServerObservation: Hashable, Sendable {
    /// Numeric addresses, in the order in which they are tried.
    package let addresses: Result<[String], NFSError>
    /// How long its name took to resolve.
    package let resolving: Duration
    /// The NFS service, by address.
    package let nfs: [ServiceObservation]
    /// The MOUNT service, by address.
    package let mount: [ServiceObservation]
    /// The exports that the server lists; `nil` if it does not answer.
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

    /// Whether an NFSv3 mount can succeed.
    package var offersNFSv3: Bool {
        nfs.contains { $0.answer == .speaks } && mount.contains { $0.answer == .speaks }
    }
}

/// A directory in a server's list of exports, as `showmount -e` shows it.
package struct ListedExport: Hashable, Sendable {
    package let path: String
    /// The clients it is exported to, in the server's own words; an empty list means everyone.
    package let clients: [String]

    package init(path: String, clients: [String]) {
        self.path = path
        self.clients = clients
    }

    /// Whether a path is the exported one, or lies below it.
    package func covers(_ path: String) -> Bool {
        let (own, other) = (self.path.utf8, path.utf8)
        let slash = UInt8(ascii: "/")
        return other.split(separator: slash).starts(with: own.split(separator: slash)) { $0.elementsEqual($1) }
    }
}
