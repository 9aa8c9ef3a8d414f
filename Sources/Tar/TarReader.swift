/// Parses a tar archive as its bytes arrive: the output of ``TarHeader``, POSIX ustar and pax, and GNU tar's long names
/// and numbers. It holds no more than one header's blocks and records.
///
/// It only parses. Its caller decides whether a path may be used, and for what.
package struct TarReader: Sendable {
    package enum Part: Hashable, Sendable {
        /// A header; a file's is followed by exactly ``TarHeader/size`` bytes of content.
        case entry(TarHeader)
        case content(ArraySlice<UInt8>)
    }

    /// The most that the records of one entry may hold, in bytes.
    package static let longestRecords: UInt64 = 1 << 20

    private var block: [UInt8] = []
    /// The bytes still expected of a file, or of the records before an entry's header.
    private var contentLeft: UInt64 = 0
    private var paddingLeft: UInt64 = 0
    /// The kind of the records before a header that are being collected.
    private var collecting: TarBlock.Kind?
    private var collected: [UInt8] = []
    /// The records for the next entry, and for all following entries.
    private var records = PaxRecords()
    private var globalRecords = PaxRecords()
    private var zeroBlocks = 0

    package init() {}

    /// Parses the next bytes.
    ///
    /// - Returns: The parts that they hold, in order.
    /// - Throws: ``TarError``; nothing more can be read after it.
    package mutating func read(_ bytes: [UInt8]) throws(TarError) -> [Part] {
        var parts: [Part] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            if contentLeft > 0 {
                let content = rest.take(contentLeft)
                contentLeft -= UInt64(content.count)
                if let collecting {
                    collected += content
                    if contentLeft == 0 { try finishCollecting(collecting) }
                } else {
                    parts.append(.content(content))
                }
            } else if paddingLeft > 0 {
                paddingLeft -= UInt64(rest.take(paddingLeft).count)
            } else if zeroBlocks == 2 {
                guard rest.allSatisfy({ $0 == 0 }) else { throw TarError("data follows the archive's end") }
                rest = []
            } else {
                block += rest.take(UInt64(TarHeader.blockSize - block.count))
                guard block.count == TarHeader.blockSize else { continue }
                if let header = try readBlock() { parts.append(.entry(header)) }
                block = []
            }
        }
        return parts
    }

    /// Ends the input.
    ///
    /// - Throws: ``TarError`` if the archive is not at its end.
    package func finish() throws(TarError) {
        guard zeroBlocks == 2 else { throw TarError("the archive was cut off: it has no end marker") }
    }

    /// - Returns: `nil` if it is not an entry's header.
    private mutating func readBlock() throws(TarError) -> TarHeader? {
        guard block.contains(where: { $0 != 0 }) else {
            guard records == PaxRecords() else {
                throw TarError("the archive has an extended header without its entry")
            }
            zeroBlocks += 1
            return nil
        }
        guard zeroBlocks == 0 else { throw TarError("the archive has a block of zeros between its entries") }
        let header = try TarBlock(block)
        switch header.kind {
        case .extended, .globalExtended, .longName, .longTarget:
            guard header.size <= Self.longestRecords else {
                let size = "\(header.size) bytes; the limit is \(Self.longestRecords)"
                throw TarError("the archive has an extended header of \(size)")
            }
            collected = []
            collecting = header.kind
            expect(header.size)
            if header.size == 0 { try finishCollecting(header.kind) }
            return nil
        case .entry(let kind):
            defer { records = PaxRecords() }
            let entry = try header.entry(kind, globalRecords.updated(by: records))
            expect(entry.size)
            return entry
        }
    }

    private mutating func expect(_ size: UInt64) {
        contentLeft = size
        paddingLeft = TarHeader.paddingCount(after: size)
    }

    private mutating func finishCollecting(_ kind: TarBlock.Kind) throws(TarError) {
        switch kind {
        case .extended: try records.add(collected)
        case .globalExtended: try globalRecords.add(collected)
        case .longName: records["path"] = Array(collected.prefix { $0 != 0 })
        case .longTarget: records["linkpath"] = Array(collected.prefix { $0 != 0 })
        case .entry: break
        }
        collecting = nil
        collected = []
    }
}

extension ArraySlice<UInt8> {
    /// Removes and returns the first `count` bytes, or all if there are fewer.
    fileprivate mutating func take(_ count: UInt64) -> ArraySlice<UInt8> {
        let taken = prefix(Int(Swift.min(count, UInt64(self.count))))
        self = dropFirst(taken.count)
        return taken
    }
}
