/// A service of a server, with the identity and the timeout of calls to it.
struct RPCEndpoint: Hashable, Sendable {
    /// The program number of an ONC RPC service, and the version in use.
    struct Program: Hashable, Sendable {
        let name: String
        let number: UInt32
        let version: UInt32

        static let nfs = Program(name: "NFS", number: 100_003, version: 3)
        static let mount = Program(name: "mount", number: 100_005, version: 3)
        static let portmapper = Program(name: "portmapper", number: 100_000, version: 2)
    }

    let server: String
    let program: Program
    /// `nil` asks the portmapper.
    let port: UInt16?
    let uid: UInt32
    let gid: UInt32
    /// How long connecting to one address may take, and the portmapper's answer.
    let timeout: Duration

    static func nfs(of address: ExportAddress, _ options: ConnectionOptions) -> RPCEndpoint {
        RPCEndpoint(address.server, .nfs, port: options.port, options)
    }

    static func mount(of address: ExportAddress, _ options: ConnectionOptions) -> RPCEndpoint {
        RPCEndpoint(address.server, .mount, port: options.mountPort, options)
    }

    private init(_ server: String, _ program: Program, port: UInt16?, _ options: ConnectionOptions) {
        self.init(
            server: server,
            program: program,
            port: port,
            uid: options.uid,
            gid: options.gid,
            timeout: options.timeout
        )
    }

    private init(server: String, program: Program, port: UInt16?, uid: UInt32, gid: UInt32, timeout: Duration) {
        self.server = server
        self.program = program
        self.port = port
        self.uid = uid
        self.gid = gid
        self.timeout = timeout
    }

    /// The same service at one address of its server, on a known port.
    func at(_ address: HostAddress, port: UInt16) -> RPCEndpoint {
        RPCEndpoint(server: address.text, program: program, port: port, uid: uid, gid: gid, timeout: timeout)
    }

    /// The portmapper at one address of this server.
    func portmapper(at address: HostAddress) -> RPCEndpoint {
        RPCEndpoint(server: address.text, program: .portmapper, port: 111, uid: uid, gid: gid, timeout: timeout)
    }
}
