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
