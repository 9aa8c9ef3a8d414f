/// How to talk to a server. ``parse(_:)`` reads it from the words of nfs(5).
package struct ConnectionOptions: Hashable, Sendable {
    /// The port of the NFS service; `nil` asks the server's portmapper.
    package var port: UInt16?
    /// The port of the MOUNT service; `nil` asks the server's portmapper.
    package var mountPort: UInt16?
    /// How long one try waits for an answer (`timeo`), and how long one address may take to connect. 5 seconds.
    package var timeout: Duration
    /// How many further tries a call gets (`retrans`). 1.
    package var retransmissions: Int
    /// The user and group every request is made as (AUTH_SYS).
    package var uid: UInt32
    package var gid: UInt32
    /// TCP connections per export; the second and later ones are made under load.
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

    /// What a call may take from being sent to its error: ``timeout`` × (1 + ``retransmissions``), 10 seconds by
    /// default. A call that only reads is sent again after each ``timeout``; one that changes something is sent once.
    package var deadline: Duration { timeout * (1 + retransmissions) }
}
