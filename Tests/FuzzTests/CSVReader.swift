/// Reads comma-separated values as RFC 4180 has them, byte by byte.
enum CSVReader {
    /// - Throws: ``BrokenProperty`` for what the RFC does not allow.
    static func rows(of bytes: [UInt8]) throws -> [[[UInt8]]] {
        let (quote, comma, carriage, newline) = (UInt8(ascii: "\""), UInt8(ascii: ","), UInt8(ascii: "\r"), UInt8(0x0A))
        var rows: [[[UInt8]]] = []
        var row: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            var field: [UInt8] = []
            if rest.first == quote {
                rest.removeFirst()
                while let byte = rest.popFirst(), byte != quote || rest.first == quote {
                    if byte == quote { rest.removeFirst() }
                    field.append(byte)
                }
            } else {
                field = Array(rest.prefix { ![quote, comma, carriage, newline].contains($0) })
                rest = rest.dropFirst(field.count)
            }
            row.append(field)
            if rest.first == comma {
                rest.removeFirst()
                continue
            }
            try hold(rest.starts(with: [carriage, newline]), "a field does not end where it should")
            rest = rest.dropFirst(2)
            rows.append(row)
            row = []
        }
        return rows
    }
}
