import Glibc

// What a ScriptedServer needs to stand before a real server.

extension ScriptedServer.Call {
    /// The handle that the call is about first.
    var handle: [UInt8] { opaque(at: 0) }

    /// Of LOOKUP and the calls that change a directory: the name in it.
    var entry: String { String(decoding: opaque(at: 4 + Self.padded(handle.count)), as: UTF8.self) }

    /// Of READ.
    var offset: UInt64 {
        let start = 4 + Self.padded(handle.count)
        return arguments.dropFirst(start).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    private func opaque(at start: Int) -> [UInt8] {
        let length = arguments.dropFirst(start).prefix(4).reduce(0) { $0 << 8 | Int($1) }
        return Array(arguments.dropFirst(start + 4).prefix(length))
    }

    fileprivate static func padded(_ count: Int) -> Int { (count + 3) / 4 * 4 }
}

extension ScriptedServer {
    /// What follows the header of a call (RFC 5531 §9), which ends with two opaque bodies of credentials.
    static func arguments(of call: [UInt8]) -> [UInt8] {
        var start = 24
        for _ in 0..<2 {
            let length = call.dropFirst(start + 4).prefix(4).reduce(0) { $0 << 8 | Int($1) }
            start += 8 + Call.padded(length)
        }
        return Array(call.dropFirst(start))
    }

    static func connect(to port: UInt16) -> Int32 {
        let connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = port.bigEndian
        _ = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(connection, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return connection
    }

    /// Has the real server answer a record.
    ///
    /// - Returns: The answer's record; nil if the server is gone.
    func relayed(_ record: [UInt8], over relay: Int32) -> [UInt8]? {
        send(record[...], on: relay)
        var reply: [UInt8] = []
        while let header = read(4, from: relay, after: "") {
            let word = header.reduce(0) { $0 << 8 | Int($1) }
            guard let fragment = read(word & 0x7FFF_FFFF, from: relay, after: "") else { return nil }
            reply += fragment
            guard word & 0x8000_0000 != 0 else { continue }
            return XDR.build { $0.int(0x8000_0000 | UInt32(reply.count)) } + reply
        }
        return nil
    }
}
