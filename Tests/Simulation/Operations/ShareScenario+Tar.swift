extension ShareScenario {
    /// A copy of the archive: a tar archive of the file in it.
    static let tar: [UInt8] = {
        let bytes = data(of: "old")
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at offset: Int) {
            header.replaceSubrange(offset..<offset + text.utf8.count, with: text.utf8)
        }
        func octal(_ value: Int, digits: Int) -> String {
            let text = String(value, radix: 8)
            return String(repeating: "0", count: digits - text.count) + text
        }
        put("./file", at: 0)
        put(octal(0o644, digits: 7), at: 100)
        put(octal(0, digits: 7), at: 108)
        put(octal(0, digits: 7), at: 116)
        put(octal(bytes.count, digits: 11), at: 124)
        put(octal(1_790_000_000, digits: 11), at: 136)
        put("        0", at: 148)
        put("ustar", at: 257)
        put("00", at: 263)
        put(octal(header.reduce(0) { $0 + Int($1) }, digits: 6) + "\0 ", at: 148)
        let padding = [UInt8](repeating: 0, count: (512 - bytes.count % 512) % 512 + 1024)
        return header + bytes + padding
    }()
}
