import NIOCore

/// Splits the text of a list into its items as it arrives, so that a list of thousands is never in memory as text.
///
/// Invalid JSON is split somewhere, and one of its parts then does not decode.
struct ListFramer {
    private var scanner = ListScanner()
    private var buffer = ByteBuffer()
    private var around = ByteBuffer()

    /// The list without its items, once all of it has arrived.
    var envelope: ByteBuffer {
        var envelope = around
        envelope.writeImmutableBuffer(buffer)
        return envelope
    }

    /// Appends a chunk from the network; it may end anywhere.
    mutating func append(_ chunk: ByteBuffer) {
        if buffer.readableBytes == 0 {
            buffer = chunk
        } else {
            buffer.discardReadBytes()
            buffer.writeImmutableBuffer(chunk)
        }
    }

    /// Returns the next whole item, or `nil` until more text arrives.
    mutating func next() -> ByteBuffer? {
        while true {
            let isItem = scanner.isAmongItems
            guard let length = buffer.withUnsafeReadableBytes({ scanner.boundary(in: $0) }),
                let part = buffer.readSlice(length: length),
                let boundary = buffer.readSlice(length: 1)
            else { return nil }
            if !isItem { around.writeImmutableBuffer(part) }
            if !isItem || !scanner.isAmongItems { around.writeImmutableBuffer(boundary) }
            // There is no item between the brackets of an empty list, nor after a trailing comma, which `JSONDecoder`
            // allows.
            if isItem, scanner.isAmongItems || !part.isBlank { return part }
        }
    }
}

extension ByteBuffer {
    fileprivate var isBlank: Bool {
        readableBytesView.allSatisfy { [UInt8(ascii: " "), UInt8(ascii: "\t"), 10, 13].contains($0) }
    }
}
