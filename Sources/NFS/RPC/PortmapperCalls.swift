import CLibNFS
import Glibc

extension RPCCall where Value == UInt16 {
    /// Asks a portmapper for the TCP port of a program; `0` if it does not know one.
    static func port(of program: RPCEndpoint.Program, isIPv6: Bool) -> RPCCall {
        isIPv6 ? universalAddress(of: program) : port(of: program)
    }

    /// GETPORT of version 2 (RFC 1833 §3.2), which every portmapper has.
    private static func port(of program: RPCEndpoint.Program) -> RPCCall {
        RPCCall(plain: "getport", nsp_pmap2_getport) { _ in
            pmap2_mapping(prog: program.number, vers: program.version, prot: UInt32(IPPROTO_TCP), port: 0)
        } decode: { (port: UInt32, _) in
            UInt16(exactly: port).map { .success($0) } ?? .failure(.malformed)
        }
    }

    /// GETADDR of version 3 (RFC 1833 §2.2.1), because version 2 does not support IPv6.
    private static func universalAddress(of program: RPCEndpoint.Program) -> RPCCall {
        RPCCall(plain: "getaddr", nsp_pmap3_getaddr) { memory in
            pmap3_mapping(
                prog: program.number,
                vers: program.version,
                netid: memory.copy(Array("tcp6".utf8)),
                addr: memory.copy([]),
                owner: memory.copy([])
            )
        } decode: { (reply: pmap3_string_result, _) in
            let address = reply.addr.map { String(cString: $0) } ?? ""
            let port = address.isEmpty ? 0 : UInt16(universalAddress: address)
            return port.map { .success($0) } ?? .failure(.malformed)
        }
    }
}

extension UInt16 {
    /// The port of an address such as `::1.8.1`: its last two numbers are the port's bytes (RFC 5665 §5.2.3.3).
    init?(universalAddress: String) {
        let parts = universalAddress.split(separator: ".").suffix(2).map { UInt8($0) }
        guard parts.count == 2, let high = parts[0], let low = parts[1] else { return nil }
        self = UInt16(high) << 8 | UInt16(low)
    }
}
