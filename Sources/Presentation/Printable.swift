/// Formats the bytes of a name for a log or an error: text where they are text, `\xNN` for control characters and for
/// what is not UTF-8, so that a hostile name can neither forge a log line nor hide.
package func printable(_ bytes: [UInt8]) -> String {
    let isText = String(validating: bytes, as: UTF8.self) != nil
    guard isText, !bytes.contains(where: isControl) else {
        return bytes.reduce(into: "") { text, byte in
            if byte < 0x80, !isControl(byte) {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16)
                text += digits.count == 1 ? "\\x0\(digits)" : "\\x\(digits)"
            }
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}

private func isControl(_ byte: UInt8) -> Bool { byte < 0x20 || byte == 0x7F }
