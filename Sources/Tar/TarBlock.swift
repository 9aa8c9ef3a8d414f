import Presentation

/// A header block of a tar archive: 512 bytes with a verified checksum.
struct TarBlock {
    enum Kind: Sendable {
        case entry(TarHeader.Kind)
        /// pax records for the next entry, and for all entries after it.
        case extended, globalExtended
        /// GNU tar's long names, for the next entry.
        case longName, longTarget
    }

    let kind: Kind
    /// How many bytes follow, unless a pax record says otherwise.
    let size: UInt64
    private let bytes: [UInt8]

    /// - Parameter bytes: 512 of them.
    /// - Throws: ``TarError`` if it is not a header, or its type cannot be unpacked.
    init(_ bytes: [UInt8]) throws(TarError) {
        self.bytes = bytes
        let sum = bytes.enumerated().reduce(0) { $0 + ((148..<156).contains($1.offset) ? 0x20 : Int64($1.element)) }
        guard try Self.number(bytes[148..<156]) == sum else {
            throw TarError("the archive has a block that is not a tar header: it is damaged or not a tar archive")
        }
        switch bytes[156] {
        case 0, UInt8(ascii: "7"): kind = .entry(.file)
        case UInt8(ascii: "x"): kind = .extended
        case UInt8(ascii: "g"): kind = .globalExtended
        case UInt8(ascii: "L"): kind = .longName
        case UInt8(ascii: "K"): kind = .longTarget
        case let flag:
            guard let known = TarHeader.Kind(rawValue: flag) else {
                throw TarError(Self.text(bytes[..<100]), "its type “\(printable([flag]))” is not supported")
            }
            kind = .entry(known)
        }
        size = try Self.natural(bytes[124..<136], "length")
    }

    /// The entry that the block and the records before it describe.
    func entry(_ kind: TarHeader.Kind, _ records: PaxRecords) throws(TarError) -> TarHeader {
        let path = records["path"] ?? path
        guard !records.isSparse else { throw TarError(path, "it is a GNU tar sparse file, which is not supported") }
        let size = try Self.number(records, "size") ?? size
        guard kind == .file || size == 0 else { throw TarError(path, "it has contents but is not a file") }
        let seconds = try records["mtime"].map { value throws(TarError) in
            try TarMetadata.Time(paxTime: value, of: path)
        }
        let device = TarMetadata.Device(
            major: try Self.word(Self.natural(bytes[329..<337], "device"), of: path),
            minor: try Self.word(Self.natural(bytes[337..<345], "device"), of: path)
        )
        let isDevice = kind == .characterDevice || kind == .blockDevice
        let mtime = TarMetadata.Time(seconds: try Self.number(bytes[136..<148]))
        return TarHeader(
            kind,
            path: path,
            target: records["linkpath"] ?? Self.text(bytes[157..<257]),
            metadata: TarMetadata(
                mode: UInt32(try Self.natural(bytes[100..<108], "mode") & 0o7777),
                uid: try owner(records, "uid", bytes[108..<116], of: path),
                gid: try owner(records, "gid", bytes[116..<124], of: path),
                size: size,
                mtime: seconds ?? mtime,
                device: isDevice ? device : TarMetadata.Device(major: 0, minor: 0)
            )
        )
    }

    /// ustar's prefix and name; GNU tar uses the prefix's field for other data.
    private var path: [UInt8] {
        let name = Self.text(bytes[..<100])
        let prefix = bytes[257..<263] == Array("ustar\0".utf8)[...] ? Self.text(bytes[345..<500]) : []
        return prefix.isEmpty ? name : prefix + [UInt8(ascii: "/")] + name
    }

    private func owner(
        _ records: PaxRecords,
        _ key: String,
        _ field: ArraySlice<UInt8>,
        of path: [UInt8]
    ) throws(TarError) -> UInt32 {
        if let number = try Self.number(records, key) { return try Self.word(number, of: path) }
        return try Self.word(Self.natural(field, key), of: path)
    }

    private static func text(_ field: ArraySlice<UInt8>) -> [UInt8] { Array(field.prefix { $0 != 0 }) }

    // MARK: Numbers

    private static func number(_ records: PaxRecords, _ key: String) throws(TarError) -> UInt64? {
        guard let value = records[key] else { return nil }
        guard value.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = UInt64(String(decoding: value, as: UTF8.self))
        else { throw TarError("the archive has the record \(key)=\(printable(value)), which is not a number") }
        return number
    }

    private static func word(_ number: UInt64, of path: [UInt8]) throws(TarError) -> UInt32 {
        guard let word = UInt32(exactly: number) else { throw TarError(path, "\(number) is more than NFS can hold") }
        return word
    }

    private static func natural(_ field: ArraySlice<UInt8>, _ name: String) throws(TarError) -> UInt64 {
        guard let number = UInt64(exactly: try number(field)) else {
            throw TarError("the archive has a header with a \(name) below zero")
        }
        return number
    }

    /// Reads octal digits or, if the first bit is set, GNU tar's binary number in two's complement.
    private static func number(_ field: ArraySlice<UInt8>) throws(TarError) -> Int64 {
        let malformed = TarError("the archive has a block that is not a tar header: it is damaged or not a tar archive")
        guard let first = field.first else { return 0 }
        var (number, digits, base): (Int64, ArraySlice<UInt8>, Int64)
        if first & 0x80 != 0 {
            (number, digits, base) = (first & 0x40 != 0 ? -1 : Int64(first & 0x3F), field.dropFirst(), 256)
        } else {
            digits = field.drop { $0 == 0x20 }.prefix { $0 != 0x20 && $0 != 0 }
            guard digits.allSatisfy({ (0x30...0x37).contains($0) }) else { throw malformed }
            (number, digits, base) = (0, digits.map { $0 - 0x30 }[...], 8)
        }
        for digit in digits {
            let (product, overflows) = number.multipliedReportingOverflow(by: base)
            let (sum, overflowsToo) = product.addingReportingOverflow(Int64(digit))
            guard !overflows, !overflowsToo else { throw malformed }
            number = sum
        }
        return number
    }
}

extension TarMetadata.Time {
    /// The nearest time that NFS can represent.
    fileprivate init(seconds: Int64) {
        self.init(seconds: UInt32(clamping: seconds), nanoseconds: 0)
    }

    /// Seconds since 1970, optionally with a fraction.
    fileprivate init(paxTime value: [UInt8], of path: [UInt8]) throws(TarError) {
        let parts = String(decoding: value, as: UTF8.self).split(separator: ".", omittingEmptySubsequences: false)
        let fraction = parts.count == 2 ? String(parts[1].prefix(9)) : ""
        let isNumber = fraction.utf8.allSatisfy { (0x30...0x39).contains($0) }
        guard parts.count <= 2, isNumber, let seconds = Int64(parts[0]) else {
            throw TarError(path, "its time \(printable(value)) is invalid")
        }
        self.init(seconds: seconds)
        guard seconds == Int64(self.seconds) else { return }
        nanoseconds = UInt32(fraction + String(repeating: "0", count: 9 - fraction.utf8.count)) ?? 0
    }
}
