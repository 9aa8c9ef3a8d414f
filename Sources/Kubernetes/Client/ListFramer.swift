import NIOCore

/// Cuts the text of a list into its items as it comes in, so that a list of thousands is never in memory as text.
///
/// What is no JSON is cut somewhere, and one of its parts does not decode.
struct ListFramer {
    private var scanner = ListScanner()
    private var buffer = ByteBuffer()
    private var around = ByteBuffer()

    /// The list as it is without its items, once all has come.
    var envelope: ByteBuffer {
        var envelope = around
        envelope.writeImmutableBuffer(buffer)
        return envelope
    }

    /// Takes what the network brought; it may end anywhere.
    mutating func append(_ chunk: ByteBuffer) {
        if buffer.readableBytes == 0 {
            buffer = chunk
        } else {
            buffer.discardReadBytes()
            buffer.writeImmutableBuffer(chunk)
        }
    }

    /// The next whole item, or `nil` until more is there.
    mutating func next() -> ByteBuffer? {
        while true {
            let isItem = scanner.isAmongItems
            guard let length = buffer.withUnsafeReadableBytes({ scanner.boundary(in: $0) }),
                let part = buffer.readSlice(length: length),
                let boundary = buffer.readSlice(length: 1)
            else { return nil }
            if !isItem { around.writeImmutableBuffer(part) }
            if !isItem || !scanner.isAmongItems { around.writeImmutableBuffer(boundary) }
            // Between the brackets of an empty list there is none, nor behind a last comma, which `JSONDecoder` allows.
            if isItem, scanner.isAmongItems || !part.isBlank { return part }
        }
    }
}

extension ByteBuffer {
    fileprivate var isBlank: Bool {
        readableBytesView.allSatisfy { [UInt8(ascii: " "), UInt8(ascii: "\t"), 10, 13].contains($0) }
    }
}
