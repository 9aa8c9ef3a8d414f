import NIOCore

/// Cuts the byte stream of a watch into events, one a line.
struct WatchFramer {
    private let limit: Int
    private var buffer = ByteBuffer()
    /// Bytes at the front of `buffer` known to hold no line end.
    private var searched = 0

    /// - Parameter limit: The largest event, in bytes.
    init(limit: Int) {
        self.limit = limit
    }

    /// Takes what the network brought; it may end anywhere.
    mutating func append(_ chunk: ByteBuffer) {
        if buffer.readableBytes == 0 {
            buffer = chunk
            searched = 0
        } else {
            buffer.discardReadBytes()
            buffer.writeImmutableBuffer(chunk)
        }
    }

    /// The next whole event without its line end, or `nil` until more is there. Empty lines are passed over.
    ///
    /// - Throws: ``KubernetesError/Code/tooLarge`` if an event is larger than the limit.
    mutating func next() throws(KubernetesError) -> ByteBuffer? {
        while true {
            let unsearched = buffer.readableBytesView.dropFirst(searched)
            guard let lineEnd = unsearched.firstIndex(of: UInt8(ascii: "\n")) else {
                searched = buffer.readableBytes
                guard searched <= limit else { throw tooLarge }
                return nil
            }
            let length = lineEnd - buffer.readerIndex
            searched = 0
            guard length <= limit else { throw tooLarge }
            let frame = buffer.readSlice(length: length)
            buffer.moveReaderIndex(forwardBy: 1)
            if length > 0 { return frame }
        }
    }

    private var tooLarge: KubernetesError {
        KubernetesError(code: .tooLarge, reason: "an event of the watch is larger than \(limit) bytes")
    }
}
