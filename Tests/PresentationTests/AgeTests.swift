import Presentation
import Testing

@Suite("Spans of time")
struct AgeTests {
    @Test(
        "Whole numbers with units, the larger first",
        arguments: [
            ("1s", 1), ("90s", 90), ("30m", 1800), ("12h", 43_200), ("30d", 2_592_000), ("2w", 1_209_600), ("0d", 0),
            ("1h30m", 5400), ("1w1d1h1m1s", 694_861), ("999999999w", 604_799_999_395_200),
        ]
    )
    func read(text: String, seconds: Int64) {
        #expect(Age(text)?.seconds == seconds)
    }

    @Test(
        "Anything else is rejected",
        arguments: [
            "", "d", "30", "-1d", "+1d", "1.5d", "1y", "30m1h", "1h1h", "1h 30m", "1h٣m", "9999999999s",
            "9223372036854775807w",
        ]
    )
    func refused(text: String) {
        #expect(Age(text) == nil)
    }

    @Test(
        "Printed in the largest unit",
        arguments: [("0d", "0s"), ("90s", "90s"), ("60m", "1h"), ("36h", "36h"), ("24h", "1d"), ("2w", "14d")]
    )
    func description(text: String, description: String) {
        #expect(Age(text)?.description == description)
    }
}
