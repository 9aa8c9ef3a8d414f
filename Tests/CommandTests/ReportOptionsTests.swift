import ArgumentParser
import Backup
import Kubernetes
import Reports
import Testing

@testable import Commands

@Suite("The options of a report on the command line")
struct ReportOptionsTests {
    private static let now = Timestamp(seconds: 1_781_524_800)

    @Test("A time, a day from its first to its last second, or an age")
    func moments() throws {
        let time = try #require(ReportMoment(argument: "2026-01-31T12:00:00+01:00"))
        #expect(time.start(now: Self.now).description == "2026-01-31T11:00:00Z")
        let day = try #require(ReportMoment(argument: "2026-01-31"))
        #expect(day.start(now: Self.now).description == "2026-01-31T00:00:00Z")
        #expect(day.end(now: Self.now).description == "2026-01-31T23:59:59Z")
        #expect(ReportMoment(argument: "7d")?.end(now: Self.now).seconds == Self.now.seconds - 604_800)
        #expect(ReportMoment(argument: "999999999w")?.start(now: Self.now).description == "0001-01-01T00:00:00Z")
        for text in ["", "yesterday", "2026-1-31", "2026-13-31", "-7d"] {
            #expect(ReportMoment(argument: text) == nil, "\(text)")
        }
    }

    @Test("Several values of an option, and words that are none")
    func words() throws {
        let command = try ReportBackupsCommand.parse(
            ["--namespace", "a,b", "--namespace", "c", "--fail-on", "missing,overdue", "--state", "bound"]
        )
        #expect(command.options.filter(now: Self.now).namespaces == ["a", "b", "c"])
        #expect(command.failOn.elements == ["missing", "overdue"])
        for arguments in [
            ["--fail-on", "lost"], ["--state", "archivd"], ["--since", "soon"], ["--output", "xml"],
            ["--fail-on", ""], ["--since", "7d", "--until", "30d"],
        ] {
            #expect(throws: (any Error).self) { try ReportBackupsCommand.parse(arguments) }
        }
        #expect(throws: (any Error).self) { try ReportAuditCommand.parse(["--state", "bound"]) }
    }
}
