import CLibNFS

extension RPCConnection {
    /// Tries the addresses of the server in turn until one connects.
    func open(by deadline: Instant) async throws(RPCFailure) {
        let addresses = try await value(
            of: HostResolver.addresses(of: endpoint.server),
            by: deadline,
            else: .unreachable("its name was not resolved in time")
        )
        var failure = RPCFailure.unreachable("the name has no address")
        for (tried, address) in addresses.enumerated() {
            // A dead address must leave time for the others.
            let share = (deadline - .now) / (addresses.count - tried)
            do {
                return try await open(address, by: .now + min(share, endpoint.timeout))
            } catch {
                failure = error
                guard case .unreachable = error else { break }
            }
        }
        throw failure
    }

    private func open(_ address: HostAddress, by deadline: Instant) async throws(RPCFailure) {
        let port: UInt16
        if let known = endpoint.port {
            port = known
        } else {
            port = try await Portmapper.port(of: endpoint, at: address, by: deadline)
        }
        guard !isClosed else { throw .closed }
        guard var fresh = RPCContext(uid: endpoint.uid, gid: endpoint.gid) else { throw .unreachable("out of memory") }
        let promise = Promise<Void>()
        let box = ReplyBox { status, data in
            let reason = data.map { String(cString: $0.assumingMemoryBound(to: CChar.self)) } ?? "no reason given"
            promise.settle(status == RPC_STATUS_SUCCESS ? .success(()) : .failure(.unreachable(reason)))
        }
        guard fresh.connect(to: address.text, port: port, box: box) else {
            throw .unreachable("\(address.text) port \(port): \(fresh.lastError)")
        }
        context = consume fresh
        connected = promise
        defer { connected = nil }
        do {
            try await value(of: promise, by: deadline, else: .unreachable("no answer in time"))
        } catch .unreachable(let reason) {
            throw .unreachable("\(address.text) port \(port): \(reason)")
        }
    }
}
