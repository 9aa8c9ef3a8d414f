/// An address to listen on.
struct SocketAddress: Hashable {
    let host: String
    let port: Int
}

extension SocketAddress {
    /// Parses `host:port`, with an IPv6 host in brackets; `:port` listens on every address.
    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
        self.init(host: host.isEmpty ? "0.0.0.0" : String(host), port: Int(port))
    }
}

extension SocketAddress: CustomStringConvertible {
    /// The form that ``init(_:)`` parses.
    var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
