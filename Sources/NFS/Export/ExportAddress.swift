/// The address of an export: a server (name or IP address) and the path it exports.
package struct ExportAddress: Hashable, Sendable, CustomStringConvertible {
    package let server: String
    package let path: String

    package init(server: String, path: String) {
        self.server = server
        self.path = path
    }

    /// `server:/path`, an IPv6 address in brackets, as mount(8) takes it.
    package var description: String { server.contains(":") ? "[\(server)]:\(path)" : "\(server):\(path)" }
}
