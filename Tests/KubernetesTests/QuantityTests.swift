import Testing

@testable import Kubernetes

@Suite("Quantities")
struct QuantityTests {
    @Test(
        arguments: [
            ("0", 0), ("1", 1), ("+1", 1), ("1Ki", 1024), ("10Gi", 10_737_418_240), ("1.5Gi", 1_610_612_736),
            ("1k", 1000),
            ("2M", 2_000_000), ("3G", 3_000_000_000), ("1T", 1_000_000_000_000), ("1P", 1_000_000_000_000_000),
            ("1E", 1_000_000_000_000_000_000), ("4Ei", 4_611_686_018_427_387_904), ("1e3", 1000), ("1E3", 1000),
            ("12e-1", 2), ("500m", 1), ("1500m", 2), ("1n", 1), ("-1Ki", -1024), (".5Ki", 512), ("5.", 5),
            ("9223372036854775807", .max),
        ] as [(String, Int64)]
    )
    func bytesAreExactAndAFractionIsRoundedUp(spelling: String, bytes: Int64) {
        #expect(Quantity(rawValue: spelling).bytes == bytes)
    }

    @Test(arguments: [
        "", "Gi", "1 Gi", "1gi", "1GiB", "1.2.3", "1e", "e3", "--1", "0x10", "1Ki1", "8Ei", "1e40", "ten",
        "1e-9223372036854775808",
    ])
    func whatIsNoQuantityOrDoesNotFitHasNoBytes(spelling: String) {
        #expect(Quantity(rawValue: spelling).bytes == nil)
    }

    @Test(arguments: [
        ("2Gi", "1Gi", true), ("1Gi", "1Gi", false), ("1Gi", "1G", true), ("1G", "1Gi", false),
        ("1024Mi", "1Gi", false), ("1.000000001", "1", true), ("9Ei", "8Ei", true), ("x", "1", false),
        ("1", "x", false),
    ])
    func exceedsComparesAmountsNotSpellings(left: String, right: String, exceeds: Bool) {
        #expect(Quantity(rawValue: left).exceeds(Quantity(rawValue: right)) == exceeds)
    }
}
