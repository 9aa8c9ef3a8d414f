/// An amount as Kubernetes writes it: `10Gi`, `1.5G`, `500m`, `1e9`.
///
/// The spelling is kept, so an amount goes back to the API server as it came. Two spellings of one amount are different
/// values to `==`; ``exceeds(_:)`` compares the amounts.
package struct Quantity: RawRepresentable, Codable, Hashable, Sendable, CustomStringConvertible {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// An amount of bytes without a suffix.
    package init(bytes: Int64) {
        rawValue = String(bytes)
    }

    package var description: String { rawValue }

    /// The amount in whole units, bytes for storage, a fraction rounded up; `nil` if the spelling is invalid or the
    /// amount does not fit.
    package var bytes: Int64? {
        guard let nanos else { return nil }
        let (units, rest) = nanos.quotientAndRemainder(dividingBy: Self.nanosPerUnit)
        return Int64(exactly: rest > 0 ? units + 1 : units)
    }

    /// Whether this is more than `other`; `false` if either cannot be read.
    package func exceeds(_ other: Quantity) -> Bool {
        guard let nanos, let limit = other.nanos else { return false }
        return nanos > limit
    }

    private static let nanosPerUnit: Int128 = 1_000_000_000

    /// The exact amount in billionths, the finest that Kubernetes keeps; anything finer is rounded up.
    private var nanos: Int128? {
        var digits = rawValue[...].utf8
        let negative = digits.first == UInt8(ascii: "-")
        if negative || digits.first == UInt8(ascii: "+") { digits.removeFirst() }

        var mantissa: Int128 = 0
        var fractionDigits = 0
        var seenDigit = false
        var seenPoint = false
        while let next = digits.first {
            if next == UInt8(ascii: "."), !seenPoint {
                seenPoint = true
            } else if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(next) {
                seenDigit = true
                fractionDigits += seenPoint ? 1 : 0
                guard let grown = mantissa.shifted(by: Int128(next - UInt8(ascii: "0"))) else { return nil }
                mantissa = grown
            } else {
                break
            }
            digits.removeFirst()
        }
        guard seenDigit, let scale = Scale(suffix: String(Substring(digits))) else { return nil }
        guard let scaled = mantissa.scaled(decimal: scale.decimal - fractionDigits + 9, binary: scale.binary) else {
            return nil
        }
        return negative ? -scaled : scaled
    }
}

extension Quantity {
    /// The factor of a suffix: 10^decimal × 2^binary.
    private struct Scale {
        var decimal = 0
        var binary = 0

        init?(suffix: String) {
            if let power = ["n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18][suffix]
            {
                decimal = power
            } else if let power = ["Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60][suffix] {
                binary = power
            } else if suffix.first == "e" || suffix.first == "E", let power = Int(suffix.dropFirst()),
                (-63...63).contains(power)
            {
                decimal = power
            } else {
                return nil
            }
        }
    }
}

extension Int128 {
    /// This number with one more decimal digit, or `nil` on overflow.
    fileprivate func shifted(by digit: Int128) -> Int128? {
        let (tens, overflow) = multipliedReportingOverflow(by: 10)
        let (sum, carry) = tens.addingReportingOverflow(digit)
        return overflow || carry ? nil : sum
    }

    /// This × 10^decimal × 2^binary rounded up, or `nil` on overflow.
    fileprivate func scaled(decimal: Int, binary: Int) -> Int128? {
        var value = self
        for _ in 0..<binary {
            let (doubled, overflow) = value.multipliedReportingOverflow(by: 2)
            if overflow { return nil }
            value = doubled
        }
        for _ in 0..<Swift.max(0, decimal) {
            guard let grown = value.shifted(by: 0) else { return nil }
            value = grown
        }
        var inexact = false
        for _ in 0..<Swift.max(0, -decimal) {
            inexact = inexact || value % 10 != 0
            value /= 10
        }
        return inexact ? value + 1 : value
    }
}
