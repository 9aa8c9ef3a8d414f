import Foundation
import Reports
import Testing

@testable import Commands

@Suite("The report page's settings and memory")
struct ReportServerTests {
    private func settings(_ section: String) throws -> ReportServerSettings? {
        try ConfigurationTests.configuration(file: section).reports
    }

    @Test("Nothing is served unless the section exists; then with TLS, or without if the file says so")
    func section() throws {
        #expect(try settings("workers: 1") == nil)
        let tls = try settings("reports: {tls: {certificateFile: /a/tls.crt, keyFile: /a/tls.key}}")
        #expect(tls?.listen == SocketAddress(host: "0.0.0.0", port: 8443))
        #expect(tls?.tls == ReportServerSettings.TLS(certificateFile: "/a/tls.crt", keyFile: "/a/tls.key"))
        let plain = try settings("reports: {listen: '127.0.0.1:8444', insecure: true}")
        #expect(plain == ReportServerSettings(listen: SocketAddress(host: "127.0.0.1", port: 8444), tls: nil))
    }

    @Test(
        "A section that cannot be used is named with its line",
        arguments: [
            ("reports: {}", "has no tls"), ("reports: {insecure: false}", "has no tls"),
            ("reports: {tls: {certificateFile: a}}", "has no keyFile"),
            ("reports: {listen: '8443', insecure: true}", "use host:port"),
            (
                "reports:\n  insecure: true\n  tls: {certificateFile: a, keyFile: b}",
                "line 3, is given together with insecure: true"
            ),
            ("reports: {insecure: true, port: 1}", "reports.port in settings.yaml, line 1, is not known"),
        ]
    )
    func refused(file: String, sentence: String) {
        let error = #expect(throws: ConfigurationError.self) { try settings(file) }
        #expect(error?.description.contains(sentence) == true, "\(error?.description ?? "")")
    }

    @Test("A cache drops expired entries, and evicts the entry that expires next")
    func expiringCache() {
        var cache = ExpiringCache<String, Int>(limit: 2)
        let now = ContinuousClock.now
        cache.keep(1, for: "a", lifetime: .seconds(10), at: now)
        cache.keep(2, for: "b", lifetime: .seconds(20), at: now)
        #expect(cache.value("a", at: now + .seconds(9)) == 1)
        #expect(cache.value("a", at: now + .seconds(10)) == nil)
        cache.keep(3, for: "c", lifetime: .seconds(5), at: now)
        #expect(cache.value("a", at: now) == nil && cache.value("b", at: now) == 2 && cache.count == 2)
        cache.keep(4, for: "d", lifetime: .seconds(5), at: now + .seconds(6))
        #expect(cache.value("b", at: now) == 2 && cache.count == 2, "what expired goes first")
    }

    @Test("An allowance is used up, and comes back with time")
    func allowance() {
        let now = ContinuousClock.now
        var allowance = ReviewAllowance(at: now)
        #expect((0..<60).count { _ in allowance.take(at: now) } == 50)
        #expect((0..<60).count { _ in allowance.take(at: now + .seconds(1)) } == 10)
        #expect((0..<60).count { _ in allowance.take(at: now + .seconds(3600)) } == 50)
    }

    @Test("Sessions have unguessable names, and their number is bounded")
    func sessions() {
        let sessions = ReportSessions()
        let names = (0..<1001).map { sessions.open(token: "t\($0)") }
        #expect(Set(names).count == 1001 && names.allSatisfy { $0.utf8.count == 64 })
        #expect(sessions.token(of: names[0]) == nil && sessions.token(of: names[1000]) == "t1000")
        sessions.close(names[1000])
        #expect(sessions.token(of: names[1000]) == nil)
    }

    @Test("Many viewers share one read; a failed read is retried")
    func cache() async throws {
        struct Failure: Error {}
        let readings = Counter()
        let cache = ReportCache {
            if await readings.next() == 1 { throw Failure() }
            return ReportReading { _, _ in ReportSet() }
        }
        await #expect(throws: Failure.self) { try await cache.current() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { _ = try await cache.current() } }
            try await group.waitForAll()
        }
        #expect(await readings.value == 2)
    }

    private actor Counter {
        private(set) var value = 0

        func next() -> Int {
            value += 1
            return value
        }
    }
}
