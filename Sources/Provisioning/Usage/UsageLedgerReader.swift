import Kubernetes

/// Parses a usage ledger piece by piece, and collects its samples.
struct UsageLedgerReader {
    /// By volume, in the order of the file.
    private(set) var samples: [String: [UsageSample]] = [:]
    private var rest: [UInt8] = []
    private var lines = 0
    /// The number of the first line that cannot be parsed.
    private var firstBadLine: Int?
    /// The first line, if it is not the header.
    private var version: String?

    mutating func take(_ bytes: [UInt8]) {
        let all = rest + bytes
        var start = 0
        let span = all.span
        for end in span.indices where span[end] == UInt8(ascii: "\n") {
            take(span, start..<end)
            start = end + 1
        }
        rest = Array(all[start...])
    }

    private mutating func take(_ bytes: Span<UInt8>, _ line: Range<Int>) {
        lines += 1
        if lines == 1 {
            let header = line.map { bytes[$0] }
            if header != UsageLine.header { version = String(decoding: header.prefix(80), as: UTF8.self) }
        } else if let line = UsageLine(bytes, line) {
            samples[line.volume, default: []] += line.samples
        } else if firstBadLine == nil {
            firstBadLine = lines
        }
    }

    /// Ends the reading, and checks that the file was a ledger.
    ///
    /// - Parameters:
    ///   - file: The ledger, for the error.
    ///   - mayBeTorn: Whether a crash may have cut its last line short, which is then skipped.
    /// - Throws: ``ShareError`` if the file is not a valid ledger: nothing in it can be relied on.
    func finish(_ file: String, mayBeTorn: Bool) throws(ShareError) {
        if let version {
            throw ShareError(
                "the usage ledger \(file) begins with \(version.debugDescription), which this program does not know:"
                    + " run the newer version that wrote it, or, if it is broken, move it away"
            )
        }
        let isTorn = !rest.isEmpty || lines == 0
        if isTorn, !mayBeTorn { throw broken(file, line: lines + 1) }
        if let firstBadLine, firstBadLine < lines || isTorn || !mayBeTorn { throw broken(file, line: firstBadLine) }
    }

    private func broken(_ file: String, line: Int) -> ShareError {
        ShareError(
            "the usage ledger \(file) cannot be read at line \(line): correct it, or move it away to continue without"
                + " its history"
        )
    }
}
