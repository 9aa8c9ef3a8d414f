import CLibNFS
import Dispatch
import Glibc

/// Resolves host names off the I/O thread and off the cooperative pool, because getaddrinfo(3) may block indefinitely.
enum HostResolver {
    private static let queue = DispatchQueue(label: "nfs.resolver", attributes: .concurrent)

    /// Starts to resolve `host`; the promise is settled with its addresses, in the order to try them.
    static func addresses(of host: String) -> Promise<[HostAddress]> {
        let promise = Promise<[HostAddress]>()
        if let address = try? lookUp(host, flags: AI_NUMERICHOST).get() {
            promise.settle(.success(address))
        } else {
            queue.async { promise.settle(lookUp(host, flags: 0)) }
        }
        return promise
    }

    private static func lookUp(_ host: String, flags: Int32) -> Result<[HostAddress], RPCFailure> {
        var hints = addrinfo()
        hints.ai_flags = flags
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, nil, &hints, &list)
        guard status == 0 else {
            return .failure(.unreachable("the name cannot be resolved: \(String(cString: gai_strerror(status)))"))
        }
        defer { freeaddrinfo(list) }
        let addresses = sequence(first: list, next: { $0?.pointee.ai_next }).compactMap { numeric($0?.pointee) }
        return addresses.isEmpty ? .failure(.unreachable("the name has no address")) : .success(addresses)
    }

    private static func numeric(_ info: addrinfo?) -> HostAddress? {
        guard let info, [AF_INET, AF_INET6].contains(info.ai_family) else { return nil }
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let status = getnameinfo(
            info.ai_addr,
            info.ai_addrlen,
            &text,
            socklen_t(text.count),
            nil,
            0,
            NI_NUMERICHOST
        )
        guard status == 0 else { return nil }
        let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return HostAddress(text: String(decoding: bytes, as: UTF8.self), isIPv6: info.ai_family == AF_INET6)
    }
}

/// A numeric address, as libnfs takes it without asking a name server.
struct HostAddress: Hashable, Sendable {
    let text: String
    let isIPv6: Bool
}
