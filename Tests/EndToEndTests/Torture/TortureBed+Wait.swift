extension TortureBed {
    /// - Throws: ``Scenario/Failure`` if the condition does not hold within the time; what it throws counts as that it
    ///   does not, as servers are broken meanwhile.
    func wait(
        for what: String,
        within limit: Duration = .seconds(180),
        every pause: Duration = .milliseconds(50),
        _ condition: () async throws -> Bool
    ) async throws {
        let deadline = ContinuousClock.now + limit
        var last: (any Error)?
        while true {
            do {
                if try await condition() { return }
                last = nil
            } catch {
                last = error
            }
            guard ContinuousClock.now < deadline else {
                let cause = last.map { ": \($0)" } ?? ""
                throw Scenario.Failure(description: "did not happen within \(limit): \(what)\(cause)")
            }
            try await Task.sleep(for: pause)
        }
    }

    /// Tries until it succeeds, as people do while a server is away.
    func insist<Value>(
        on what: String,
        within limit: Duration = .seconds(120),
        _ body: () async throws -> Value
    ) async throws -> Value {
        var value: Value?
        try await wait(for: what, within: limit) {
            value = try await body()
            return true
        }
        guard let value else { throw Scenario.Failure(description: what) }
        return value
    }
}
