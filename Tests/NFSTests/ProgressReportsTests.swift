import Testing

@testable import NFS

@Suite struct ProgressReportsTests {
    @Test func passesOnAFewASecond() async throws {
        let clock = ContinuousClock()
        var heard: [Int] = []
        var last = 0
        let took = clock.measure {
            var reports = ProgressReports { heard.append($0) }
            while heard.count < 3 {
                last += 1
                reports.tell(last)
            }
        }
        #expect(took >= .milliseconds(750))
        #expect(heard.last == last, "the newest, not one kept back")
    }
}
