import Foundation
import TestBed
import Testing

@testable import Kubernetes

@Suite("Invariants of times and quantities")
struct ValuePropertyTests {
    @Test("A time is read back as it was written, in any zone")
    func times() async {
        // From the year 1 to the year 9999.
        let seconds: ClosedRange<Int64> = -62_135_596_800...253_402_300_799 - 86_400
        await forRandomCases(4000) { random in
            let time = MicroTime(
                microseconds: Int64.random(in: seconds, using: &random) * 1_000_000
                    + Int64.random(in: 0..<1_000_000, using: &random)
            )
            try #require(MicroTime(time.description) == time)
            let second = try #require(Timestamp(time.description))
            try #require(Timestamp(second.description) == second)
            try #require((0..<1_000_000).contains(time.microseconds - second.seconds * 1_000_000))
            let (hours, minutes) = (Int64.random(in: 0..<24, using: &random), Int64.random(in: 0..<60, using: &random))
            let local = MicroTime(microseconds: time.microseconds + (hours * 60 + minutes) * 60_000_000).description
            let zone = "+" + [hours, minutes].map { ($0 < 10 ? "0" : "") + "\($0)" }.joined(separator: ":")
            try #require(MicroTime(local.dropLast() + zone) == time)
            return true
        }
    }

    @Test("An amount is the same in every spelling, and of two amounts at most one exceeds the other")
    func quantities() async {
        await forRandomCases(4000) { random in
            let bytes = Int64.random(in: 0...1 << 40, using: &random)
            let plain = Quantity(bytes: bytes)
            for spelling in ["\(bytes)", "+\(bytes).000", "\(bytes)000m", "\(bytes)000e-3", "\(bytes)e0", "00\(bytes)"]
            {
                let other = Quantity(rawValue: spelling)
                try #require(other.bytes == bytes && !other.exceeds(plain) && !plain.exceeds(other))
            }
            try #require(Quantity(rawValue: "\(bytes)Ki").bytes == bytes << 10)
            let json = try JSONEncoder().encode(plain)
            try #require(try JSONDecoder().decode(Quantity.self, from: json) == plain)
            let another = Quantity(bytes: Int64.random(in: 0...1 << 40, using: &random))
            try #require(plain.exceeds(another) == (bytes > another.bytes ?? .max))
            return true
        }
    }

    @Test("Anything but a quantity is rejected without a crash")
    func junk() async {
        let pieces = [
            "1", "9", "0", ".", "-", "+", "e", "E", "Ki", "Ei", "m", "n", " ", "\u{301}", "\0", "\(Int.min)",
            "\(Int.max)",
            "99999999999999999999999999999999999999999",
        ]
        await forRandomCases(4000) { random in
            let count = Int.random(in: 0..<8, using: &random)
            let text = (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            let quantity = Quantity(rawValue: text)
            try #require(!quantity.exceeds(quantity))
            return quantity.bytes == nil
        }
    }
}
