/// Where to listen.
struct SocketAddress: Hashable {
    let host: String
    let port: Int
}

extension SocketAddress {
    /// `host:port`, an IPv6 host in brackets; `:port` listens on every address.
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
    /// As ``init(_:)`` reads it.
    var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
