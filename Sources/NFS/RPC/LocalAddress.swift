import Glibc

/// The local end of a connection: the address that a server sees unless something in between, such as NAT, replaces it.
package struct LocalAddress: Hashable, Sendable {
    /// The numeric address.
    package let host: String
    package let port: UInt16

    package init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// Whether only root, or a process with that capability, may bind the port. Linux servers require such a port
    /// unless an export is `insecure`.
    package var isPrivileged: Bool { port < 1024 }

    /// - Returns: `nil` if the descriptor has no address of an IP socket.
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
