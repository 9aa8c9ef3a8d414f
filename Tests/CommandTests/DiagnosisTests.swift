import Foundation
import Presentation
import Testing

@testable import Commands

@Suite("doctor: the output")
struct DiagnosisTests {
    private static let checks: [Check] = [
        .ok(.api, "it answers"), .skipped(.version, "not asked"), .skipped(.user, "not asked"),
        .failed(.exportMount, of: "nas1:/srv", "it refuses", remedy: "allow it"),
        .skipped(.exportSpace, of: "nas1:/srv", "not mounted"), .skipped(.exportFiles, of: "nas1:/srv", "not mounted"),
        .skipped(.exportFiles, of: "nas2:/srv", "not mounted"),
        .warning(.leader, "nobody\u{1B}[2J leads", remedy: "start one"),
    ]

    @Test("The text has every check; checks skipped for one reason share a line, and escapes do nothing")
    func text() {
        let text = Diagnosis(Self.checks).text(TableStyle())
        #expect(
            text == """
                CLUSTER
                  ok      api       it answers
                  skipped version   not asked

                ACCESS
                  skipped user      not asked

                EXPORTS
                nas1:/srv
                  failed  mount     it refuses
                                    → allow it
                  skipped space     not mounted; also skipped: inodes
                nas2:/srv
                  skipped inodes    not mounted

                PROVISIONERS
                  warning leader    nobody\\u{1B}[2J leads
                                    → start one

                1 ok, 1 warning, 1 failed, 5 skipped

                """
        )
        #expect(Diagnosis(Self.checks).text(TableStyle(isColoured: true)).contains("\u{1B}[31mfailed \u{1B}[0m mount"))
    }

    @Test("One failure fails the diagnosis, one warning makes it a warning; skipped checks are neither ok nor failed")
    func result() {
        #expect(Diagnosis(Self.checks).result == .failed)
        let rest = Self.checks.filter { $0.result != .failed }
        #expect(Diagnosis(rest).result == .warning)
        #expect(Diagnosis([.ok(.api, "a"), .skipped(.version, "b")]).result == .ok)
    }

    @Test("docs/doctor.md says of every check what it is, and of no other")
    func documented() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/doctor.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        let documented = text.matches(of: /\| `([a-z]+\.[a-z]+)` \|/).map { String($0.1) }
        #expect(documented == Check.ID.allCases.map(\.rawValue))
    }
}
