import Glibc

/// Our end of a connection, which is what a server sees of us unless something in between puts another in its place.
package struct LocalAddress: Hashable, Sendable {
    /// Numeric.
    package let host: String
    package let port: UInt16

    package init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// Only root may have it, or who was given the right: what Linux servers ask for unless an export is `insecure`.
    package var isPrivileged: Bool { port < 1024 }

    /// - Returns: nil if the descriptor is no connected socket.
    init?(of descriptor: Int32) {
        var address = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        var service = [CChar](repeating: 0, count: 32)
        let status = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                guard getsockname(descriptor, pointer, &size) == 0 else { return EAI_SYSTEM }
                let flags = NI_NUMERICHOST | NI_NUMERICSERV
                return getnameinfo(
                    pointer,
                    size,
                    &host,
                    socklen_t(host.count),
                    &service,
                    socklen_t(service.count),
                    flags
                )
            }
        }
        guard status == 0, let port = UInt16(Self.text(service)) else { return nil }
        self.init(host: Self.text(host), port: port)
    }

    private static func text(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
