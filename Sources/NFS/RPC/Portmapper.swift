/// The service that knows on which ports a server's other services listen.
enum Portmapper {
    /// Asks at one address of a server for the port of its service.
    static func port(
        of service: RPCEndpoint,
        at address: HostAddress,
        by deadline: ContinuousClock.Instant
    ) async throws(RPCFailure) -> UInt16 {
        let connection = RPCConnection(
            endpoint: service.portmapper(at: address),
            window: 1,
            triesAgain: false,
            mayWrite: { false }
        )
        let port: UInt16
        do {
            port = try await connection.perform(
                .port(of: service.program, isIPv6: address.isIPv6),
                sentBy: deadline,
                patience: deadline - .now
            )
        } catch {
            await connection.close()
            throw failure(for: error)
        }
        await connection.close()
        guard port != 0 else { throw .unreachable("its portmapper knows no \(service.program.name) service") }
        return port
    }

    private static func failure(for failure: RPCFailure) -> RPCFailure {
        switch failure {
        case .cancelled, .closed: failure
        case .unreachable(let reason), .rejected(let reason), .disconnected(let reason):
            .unreachable("portmapper: \(reason)")
        case .timedOut: .unreachable("its portmapper does not answer")
        case .malformed, .status, .fenced: .unreachable("its portmapper gave an invalid answer")
        }
    }
}
