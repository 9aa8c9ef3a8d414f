extension Sequence<UInt8> {
    /// The bytes in hexadecimal, two lower-case digits each.
    package var hexadecimal: String {
        String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

private let digits = Array("0123456789abcdef".utf8)
