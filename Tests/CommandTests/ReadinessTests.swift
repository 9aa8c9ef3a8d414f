import Provisioning
import Testing

@testable import Commands

@Suite("What /readyz answers")
struct ReadinessTests {
    private static let one = ExportPath(server: "nas1", path: "/srv")
    private static let other = ExportPath(server: "nas2", path: "/srv")
    private static let silent = ExportHealth.State.silent(reason: "no answer in time")

    private func readiness(_ isKnown: Bool, _ states: [ExportHealth.State]) throws -> Readiness {
        let exports = try [#require(Self.one), #require(Self.other)]
        return Readiness(isClusterKnown: isKnown, exports: Array(zip(exports, states)))
    }

    @Test(
        "A replica is ready if it knows the cluster, and an export answers if any is configured",
        arguments: [
            (true, [], true), (false, [], false), (true, [.answering], true), (false, [.answering], false),
            (true, [silent], false), (true, [silent, silent], false), (true, [.answering, silent], true),
        ] as [(Bool, [ExportHealth.State], Bool)]
    )
    func verdict(isKnown: Bool, states: [ExportHealth.State], isReady: Bool) throws {
        let readiness = try readiness(isKnown, states)
        #expect(readiness.isReady == isReady)
        #expect(readiness.text(isVerbose: false) == (isReady ? "ok\n" : readiness.text(isVerbose: true)))
        #expect(readiness.only("cluster")?.isReady == isKnown)
    }

    @Test("Every export is named, with its error")
    func verbose() throws {
        #expect(
            try readiness(true, [.answering, Self.silent]).text(isVerbose: true) == """
                [+]ping ok
                [+]cluster ok
                [+]exports/nas1:/srv ok
                [-]exports/nas2:/srv failed: no answer in time
                [+]exports ok
                readyz check passed

                """
        )
        #expect(
            try readiness(true, [Self.silent]).only("exports")?.text(isVerbose: false) == """
                [-]exports/nas1:/srv failed: no answer in time
                [-]exports failed: none of 1 answers
                readyz check failed

                """
        )
        #expect(try readiness(true, []).only("moon") == nil)
    }
}
