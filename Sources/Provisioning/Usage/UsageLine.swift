import Kubernetes

/// Line of a usage ledger: a volume and its samples, in exactly the JSON that this program writes, so that a report can
/// read millions of numbers in the time that it may take: `{"volume":"pvc-1","samples":[[1764000000,4096,1000,3,2]]}`.
/// Each sample is its time in seconds since 1970, bytes on the disk, lengths in bytes, files, directories.
struct UsageLine: Hashable {
    /// The first line of every ledger.
    static let header = Array(#"{"version":1}"#.utf8)

    var volume: String
    var samples: [UsageSample]

    private static let start = Array(#"{"volume":""#.utf8)
    private static let middle = Array(#"","samples":["#.utf8)
    private static let end = Array("]}".utf8)

    init(volume: String, samples: [UsageSample]) {
        self.volume = volume
        self.samples = samples
    }

    /// Whether a name needs no escaping in a line; no name that Kubernetes accepts needs any.
    static func canName(_ volume: String) -> Bool {
        !volume.isEmpty && volume.utf8.allSatisfy(isPlain)
    }

    /// Parses a line; nil if it is not one.
    ///
    /// - Parameters:
    ///   - bytes: The bytes that contain the line.
    ///   - range: The line's range, without its newline.
    init?(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        var cursor = UsageCursor(range)
        guard cursor.skip(Self.start, in: bytes),
            let volume = cursor.text(in: bytes, while: Self.isPlain), !volume.isEmpty,
            cursor.skip(Self.middle, in: bytes)
        else { return nil }
        self.volume = volume
        samples = []
        repeat {
            guard let sample = cursor.sample(in: bytes) else { return nil }
            samples.append(sample)
        } while cursor.skip(UInt8(ascii: ","), in: bytes)
        guard cursor.skip(Self.end, in: bytes), cursor.isAtEnd else { return nil }
    }

    /// The line with its newline.
    var bytes: [UInt8] {
        var bytes = Self.start
        bytes.reserveCapacity(100 + 60 * samples.count)
        bytes += volume.utf8
        bytes += Self.middle
        for (index, sample) in samples.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(UInt8(ascii: "["))
            bytes.append(digitsOf: UInt64(max(sample.at.seconds, 0)))
            bytes.append(UInt8(ascii: ","))
            bytes.append(digitsOf: sample.usedBytes)
            bytes.append(UInt8(ascii: ","))
            bytes.append(digitsOf: sample.lengthBytes)
            bytes.append(UInt8(ascii: ","))
            bytes.append(digitsOf: sample.files)
            bytes.append(UInt8(ascii: ","))
            bytes.append(digitsOf: sample.directories)
            bytes.append(UInt8(ascii: "]"))
        }
        bytes += Self.end
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }

    /// Whether a byte is printable ASCII that needs no escaping in JSON.
    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x20...0x7E).contains(byte) && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }
}

extension [UInt8] {
    fileprivate mutating func append(digitsOf number: UInt64) {
        let start = count
        var rest = number
        repeat {
            append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        } while rest > 0
        self[start...].reverse()
    }
}
