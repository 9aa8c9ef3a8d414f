import Kubernetes

/// Position in a ``UsageLine`` that is being read.
struct UsageCursor {
    private var position: Int
    private let end: Int

    /// - Parameter range: The line's range in the bytes that each call receives.
    init(_ range: Range<Int>) {
        (position, end) = (range.lowerBound, range.upperBound)
    }

    var isAtEnd: Bool { position == end }

    /// - Returns: Whether the byte was there.
    mutating func skip(_ byte: UInt8, in bytes: Span<UInt8>) -> Bool {
        guard position < end, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    mutating func skip(_ expected: [UInt8], in bytes: Span<UInt8>) -> Bool {
        for byte in expected where !skip(byte, in: bytes) { return false }
        return true
    }

    mutating func text(in bytes: Span<UInt8>, while isPart: (UInt8) -> Bool) -> String? {
        var text: [UInt8] = []
        while position < end, isPart(bytes[position]) {
            text.append(bytes[position])
            position += 1
        }
        return String(validating: text, as: UTF8.self)
    }

    /// `[time,used,length,files,directories]`
    mutating func sample(in bytes: Span<UInt8>) -> UsageSample? {
        let comma = UInt8(ascii: ",")
        guard skip(UInt8(ascii: "["), in: bytes),
            let at = number(in: bytes).flatMap({ Timestamp(exactly: $0) }), skip(comma, in: bytes),
            let used = number(in: bytes), skip(comma, in: bytes),
            let length = number(in: bytes), skip(comma, in: bytes),
            let files = number(in: bytes), skip(comma, in: bytes),
            let directories = number(in: bytes), skip(UInt8(ascii: "]"), in: bytes)
        else { return nil }
        return UsageSample(
            at: at,
            usedBytes: used,
            lengthBytes: length,
            files: files,
            directories: directories
        )
    }

    private mutating func number(in bytes: Span<UInt8>) -> UInt64? {
        let start = position
        var value: UInt64 = 0
        while position < end, case let digit = bytes[position] &- UInt8(ascii: "0"), digit < 10 {
            let (tens, overflows) = value.multipliedReportingOverflow(by: 10)
            let (sum, carries) = tens.addingReportingOverflow(UInt64(digit))
            guard !overflows, !carries else { return nil }
            value = sum
            position += 1
        }
        return position > start ? value : nil
    }
}
