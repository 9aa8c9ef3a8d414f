import Foundation
import Testing

@testable import Kubernetes

@Suite("Times on the wire")
struct TimeTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0),
        ("2024-02-29T12:34:56Z", 1_709_210_096),
        ("2024-02-29T12:34:56.999999Z", 1_709_210_096),
        ("2024-02-29T14:04:56+01:30", 1_709_210_096),
        ("2024-02-29T07:34:56-05:00", 1_709_210_096),
        ("2100-03-01T00:00:00Z", 4_107_542_400),
        ("1969-12-31T23:59:59.5Z", -1),
        ("1900-01-01T00:00:00Z", -2_208_988_800),
    ])
    func aTimestampIsReadWithAnyOffsetAndItsFractionCutOff(text: String, seconds: Int64) {
        #expect(Timestamp(text)?.seconds == seconds)
    }

    @Test(arguments: [
        "", "now", "2024-13-01T00:00:00Z", "2024-01-01 00:00:00Z", "2024-01-01T00:00:00", "2024-01-01T00:00:00.Z",
        "2024-01-01T24:00:00Z", "2024-01-01T00:00:00+0100", "2024-01-01T00:00:00Zx", "20240101T000000Z",
    ])
    func whatIsNoTimeIsRefused(text: String) {
        #expect(Timestamp(text) == nil)
        #expect(MicroTime(text) == nil)
    }

    @Test(arguments: [
        (MicroTime(microseconds: 1_709_210_096_000_000), "2024-02-29T12:34:56.000000Z"),
        (MicroTime(microseconds: 1_709_210_096_000_001), "2024-02-29T12:34:56.000001Z"),
        (MicroTime(microseconds: 1_709_210_096_120_000), "2024-02-29T12:34:56.120000Z"),
        (MicroTime(microseconds: -1), "1969-12-31T23:59:59.999999Z"),
    ])
    func aMicroTimeHasSixFractionDigits(time: MicroTime, text: String) {
        #expect(time.description == text)
        #expect(MicroTime(text) == time)
    }

    @Test(
        "A fraction of any length is read, to the microsecond",
        arguments: [
            ("2024-02-29T12:34:56Z", 0), ("2024-02-29T12:34:56.1Z", 100_000),
            ("2024-02-29T12:34:56.123456789Z", 123_456),
        ]
    )
    func fractions(text: String, microseconds: Int64) {
        #expect(MicroTime(text)?.microseconds == 1_709_210_096_000_000 + microseconds)
    }

    @Test func everyDayOfFourCenturiesComesBackAsItWas() {
        for day in stride(from: Int64(-30_000), to: 120_000, by: 1) {
            let time = Timestamp(seconds: day * 86400 + 3661)
            guard Timestamp(time.description) == time else {
                Issue.record("\(time) is not read as \(time.seconds)")
                return
            }
        }
        // Foundation's own calendar agrees.
        #expect(Timestamp("2000-02-29T01:01:01Z")?.date == ISO8601DateFormatter().date(from: "2000-02-29T01:01:01Z"))
        #expect(Timestamp("1999-12-31T23:59:59Z")?.date == ISO8601DateFormatter().date(from: "1999-12-31T23:59:59Z"))
    }

    @Test func aTimeStandsInJSONAsAString() throws {
        let lease = Lease.Spec(renewTime: MicroTime(microseconds: 1_709_210_096_000_010))
        let json = try JSONEncoder().encode(lease)
        #expect(String(decoding: json, as: UTF8.self) == #"{"renewTime":"2024-02-29T12:34:56.000010Z"}"#)
        #expect(try JSONDecoder().decode(Lease.Spec.self, from: json) == lease)
    }
}
