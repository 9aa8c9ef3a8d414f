import CLibNFS

/// A diagnostic probe of an export's server. It mounts and changes nothing, and asks everything concurrently: a server
/// that hangs costs one ``ConnectionOptions/timeout``.
package struct ServerProbe: Sendable {
    /// The port of NFS unless a portmapper reports another one.
    private static let standardPort: UInt16 = 2049

    private let address: ExportAddress
    private let options: ConnectionOptions

    package init(_ address: ExportAddress, _ options: ConnectionOptions) {
        self.address = address
        self.options = options
    }

    package func look() async -> ServerObservation {
        let start = ContinuousClock.now
        let resolved = await resolve()
        let resolving = start.duration(to: .now)
        let addresses: [HostAddress]
        switch resolved {
        case .success(let found): addresses = found
        case .failure(let error): return ServerObservation(addresses: .failure(error), resolving: resolving)
        }
        async let nfs = services(at: addresses) { host, deadline in await self.nfsObservation(at: host, by: deadline) }
        async let mount = services(at: addresses) { host, deadline in
            await self.mountObservation(at: host, by: deadline)
        }
        let (nfsSights, mountSights) = await (nfs, mount)
        return ServerObservation(
            addresses: .success(addresses.map(\.text)),
            resolving: resolving,
            nfs: nfsSights,
            mount: mountSights.map(\.sight),
            exports: mountSights.lazy.compactMap(\.exports).first
        )
    }

    private func resolve() async -> Result<[HostAddress], NFSError> {
        let promise = HostResolver.addresses(of: address.server)
        let alarm = Task { [timeout = options.timeout] in
            try await Task.sleep(for: timeout)
            promise.settle(.failure(.unreachable("the name was not resolved within \(timeout)")))
        }
        defer { alarm.cancel() }
        do throws(RPCFailure) {
            return .success(try await promise.value())
        } catch {
            let detail = if case .unreachable(let reason) = error { reason } else { "cancelled" }
            return .failure(NFSError(.unreachable, operation: "resolve", address: address, detail: detail))
        }
    }

    /// Probes all addresses concurrently; the results are in the order of the addresses.
    private func services<Sight: Sendable>(
        at addresses: [HostAddress],
        _ look: @escaping @Sendable (HostAddress, ContinuousClock.Instant) async -> Sight
    ) async -> [Sight] {
        let deadline = ContinuousClock.now + options.timeout
        return await withTaskGroup(of: (Int, Sight).self) { group in
            for (index, address) in addresses.enumerated() {
                group.addTask { (index, await look(address, deadline)) }
            }
            var sights: [(Int, Sight)] = []
            for await sight in group { sights.append(sight) }
            return sights.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private func nfsObservation(at host: HostAddress, by deadline: ContinuousClock.Instant) async -> ServiceObservation
    {
        let service = RPCEndpoint.nfs(of: address, options)
        return await withService(service, at: host, by: deadline) { connection in
            let answer = await Self.answer(of: connection, .null3, by: deadline)
            guard case .speaksOther = answer else { return (answer, await connection.localAddress) }
            let other = await Self.answer(of: connection, .null4, by: deadline)
            return (.speaksOther(version4: other == .speaks), await connection.localAddress)
        } unmapped: {
            // A server that offers only NFSv4 needs no portmapper: tell it apart from one that is down.
            let connection = connection(to: service.at(host, port: Self.standardPort))
            let answer = await Self.answer(of: connection, .null4, by: deadline)
            let speaks3 = await Self.answer(of: connection, .null3, by: deadline) == .speaks
            let source = await connection.localAddress
            await connection.close()
            guard answer == .speaks, !speaks3 else { return nil }
            return ServiceObservation(
                address: host.text,
                port: Self.standardPort,
                answer: .speaksOther(version4: true),
                source: source
            )
        }
    }

    private func mountObservation(
        at host: HostAddress,
        by deadline: ContinuousClock.Instant
    ) async -> (sight: ServiceObservation, exports: [ListedExport]?) {
        let service = RPCEndpoint.mount(of: address, options)
        var exports: [ListedExport]?
        let sight = await withService(service, at: host, by: deadline) { connection in
            let answer = await Self.answer(of: connection, .nullMount, by: deadline)
            if answer == .speaks {
                exports = try? await connection.perform(.listExports, sentBy: deadline, patience: deadline - .now)
            }
            return (answer, await connection.localAddress)
        } unmapped: {
            nil
        }
        return (sight, exports)
    }

    /// Finds the service and connects to it; `unmapped` may supply an observation where no port is known.
    private func withService(
        _ service: RPCEndpoint,
        at host: HostAddress,
        by deadline: ContinuousClock.Instant,
        _ body: (RPCConnection) async -> (ServiceObservation.Answer, LocalAddress?),
        unmapped: () async -> ServiceObservation?
    ) async -> ServiceObservation {
        let port: UInt16
        do throws(RPCFailure) {
            port =
                if let known = service.port { known } else {
                    try await Portmapper.port(of: service, at: host, by: deadline)
                }
        } catch {
            let reason = if case .unreachable(let reason) = error { reason } else { "cancelled" }
            return await unmapped()
                ?? ServiceObservation(address: host.text, port: nil, answer: .unmapped(reason))
        }
        let connection = connection(to: service.at(host, port: port))
        let (answer, source) = await body(connection)
        await connection.close()
        return ServiceObservation(address: host.text, port: port, answer: answer, source: source)
    }

    private func connection(to service: RPCEndpoint) -> RPCConnection {
        RPCConnection(endpoint: service, window: 1, triesAgain: false, mayWrite: { false })
    }

    private static func answer(
        of connection: RPCConnection,
        _ call: RPCCall<Void>,
        by deadline: ContinuousClock.Instant
    ) async -> ServiceObservation.Answer {
        do throws(RPCFailure) {
            try await connection.perform(call, sentBy: deadline, patience: deadline - .now)
            return .speaks
        } catch {
            return switch error {
            // libnfs reports this as text, without a status code.
            case .rejected(let reason) where reason.contains("mismatch") || reason.contains("not available"):
                .speaksOther(version4: false)
            case .rejected(let reason): .refuses(reason)
            case .timedOut: .silent
            case .unreachable(let reason), .disconnected(let reason): .unreachable(reason)
            case .status, .malformed: .unreachable("its answer breaks the protocol")
            case .fenced, .cancelled, .closed: .unreachable("cancelled")
            }
        }
    }
}

extension RPCCall<Void> {
    fileprivate static var null3: RPCCall { RPCCall(null: nsp_nfs3_null) }
    fileprivate static var null4: RPCCall { RPCCall(null: nsp_nfs4_null) }
    fileprivate static var nullMount: RPCCall { RPCCall(null: nsp_mount3_null) }
}
