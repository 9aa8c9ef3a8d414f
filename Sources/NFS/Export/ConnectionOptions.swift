/// The options of connections to a server. ``parse(_:)`` reads them from mount options as in nfs(5).
package struct ConnectionOptions: Hashable, Sendable {
    /// The port of the NFS service; `nil` asks the server's portmapper.
    package var port: UInt16?
    /// The port of the MOUNT service; `nil` asks the server's portmapper.
    package var mountPort: UInt16?
    /// How long one attempt waits for a reply (`timeo`), and how long connecting to one address may take. Default: 5
    /// seconds.
    package var timeout: Duration
    /// How many further attempts a call gets (`retrans`). Default: 1.
    package var retransmissions: Int
    /// The user and group every request is made as (AUTH_SYS).
    package var uid: UInt32
    package var gid: UInt32
    /// TCP connections per export; the second and later ones are opened under load.
    package var connections: Int
    /// Calls in flight per connection.
    package var window: Int

    package init(
        port: UInt16? = nil,
        mountPort: UInt16? = nil,
        timeout: Duration = .seconds(5),
        retransmissions: Int = 1,
        uid: UInt32 = 0,
        gid: UInt32 = 0,
        connections: Int = 2,
        window: Int = 64
    ) {
        self.port = port
        self.mountPort = mountPort
        self.timeout = timeout
        self.retransmissions = retransmissions
        self.uid = uid
        self.gid = gid
        self.connections = connections
        self.window = window
    }

    /// The time limit of a call from being sent to its error: ``timeout`` × (1 + ``retransmissions``), 10 seconds by
    /// default. A read-only call is sent again after each ``timeout``; a call that changes something is sent once.
    package var deadline: Duration { timeout * (1 + retransmissions) }
}

extension ConnectionOptions {
    /// Reads mount options as in nfs(5): `port`, `mountport`, `nfsvers`/`vers`, `timeo`, `retrans`, `proto`, `sec`.
    /// Each element may itself be a comma-separated list. Options that concern only a kernel mount are ignored; if an
    /// option is repeated, the last value wins.
    ///
    /// - Throws: ``InvalidConnectionOption`` for an invalid value or an unsupported request.
    package static func parse(_ options: [String]) throws(InvalidConnectionOption) -> ConnectionOptions {
        var parsed = ConnectionOptions()
        for list in options {
            for word in list.split(separator: ",") {
                try parsed.apply(MountOption(word))
            }
        }
        return parsed
    }

    /// What mount options that are meant for kubelet say about the controller's own connections: ports and times. The
    /// rest concerns a kernel's mount only, and so does what cannot be read.
    package init(ofMount options: [String]) {
        self.init()
        for word in options.flatMap({ $0.split(separator: ",") }) {
            let option = MountOption(word)
            guard ["port", "mountport", "timeo", "retrans"].contains(option.name) else { continue }
            var changed = self
            do throws(InvalidConnectionOption) {
                try changed.apply(option)
                self = changed
            } catch {
                // Kubelet may take more attempts or time than the controller does.
            }
        }
    }

    private mutating func apply(_ option: MountOption) throws(InvalidConnectionOption) {
        switch option.name {
        case "port": port = try option.port()
        case "mountport": mountPort = try option.port()
        case "timeo": timeout = .milliseconds(100 * (try option.number(in: 1...6000)))
        case "retrans": retransmissions = try option.number(in: 0...10)
        case "nfsvers", "vers":
            try option.require(["3"], else: "only NFS version 3 is supported; use \(option.name)=3 or leave it out")
        case "v4", "v4.0", "v4.1", "v4.2", "v2", "minorversion":
            throw option.invalid("only NFS version 3 is supported; use nfsvers=3 or leave it out")
        case "proto", "mountproto":
            try option.require(["tcp", "tcp6"], else: "only TCP is supported; use \(option.name)=tcp or leave it out")
        case "udp", "rdma":
            throw option.invalid("only TCP is supported; use proto=tcp or leave it out")
        case "sec": try option.require(["sys"], else: "only AUTH_SYS is supported; use sec=sys or leave it out")
        case "xprtsec": try option.require(["none"], else: "TLS is not supported; use xprtsec=none or leave it out")
        default: break
        }
    }
}

/// One word of a mount option list: `name` or `name=value`.
private struct MountOption {
    let name: String
    let value: String?

    init(_ word: Substring) {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        name = parts[0].trimmingSpaces()
        value = parts.count == 2 ? parts[1].trimmingSpaces() : nil
    }

    var text: String { value.map { "\(name)=\($0)" } ?? name }

    func invalid(_ reason: String) -> InvalidConnectionOption { InvalidConnectionOption(option: text, reason: reason) }

    func number(in range: ClosedRange<Int>) throws(InvalidConnectionOption) -> Int {
        guard let value, value.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(value),
            range.contains(number)
        else { throw invalid("\(name) takes a number from \(range.lowerBound) to \(range.upperBound)") }
        return number
    }

    /// A port, or `nil` for `port=0`, which means the portmapper's answer, as in nfs(5).
    func port() throws(InvalidConnectionOption) -> UInt16? {
        let number = try number(in: 0...Int(UInt16.max))
        return number == 0 ? nil : UInt16(number)
    }

    func require(_ values: [String], else reason: String) throws(InvalidConnectionOption) {
        guard let value, values.contains(value) else { throw invalid(reason) }
    }
}

extension Substring {
    fileprivate func trimmingSpaces() -> String {
        let start = drop(while: \.isWhitespace)
        return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }
}

/// A mount option that cannot be honoured, and why.
package struct InvalidConnectionOption: Error, Hashable, Sendable, CustomStringConvertible {
    /// The option as written, such as `port=abc`.
    package let option: String
    package let reason: String

    package var description: String { "the NFS mount option “\(option)” cannot be used: \(reason)" }
}
