/// A numeric address, as libnfs takes it without asking a name server.
struct HostAddress: Hashable, Sendable {
    let text: String
    let isIPv6: Bool
}
