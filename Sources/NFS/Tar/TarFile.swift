/// A file of a tar archive whose contents are being received.
struct TarFile {
    /// A file that takes several calls to write; it is created already.
    struct Large: Sendable {
        let id: Int
        let place: TarPlace
        let node: Node
        let wanted: Attributes
    }

    let place: TarPlace
    let wanted: Attributes
    /// `nil` for a file that one call can write.
    let large: Large?
    /// How many bytes are still to come.
    private(set) var left: UInt64
    private var buffer: [UInt8] = []
    private var isHandedOut = false

    init(_ place: TarPlace, _ wanted: Attributes, _ large: Large?) {
        (self.place, self.wanted, self.large) = (place, wanted, large)
        left = wanted.size
    }

    mutating func add(_ bytes: ArraySlice<UInt8>) {
        left -= UInt64(bytes.count)
        buffer += bytes
    }

    /// Returns the chunk that the next call writes, once it is complete; an empty file has one chunk, too.
    mutating func nextChunk() -> [UInt8]? {
        guard left == 0 ? !isHandedOut : buffer.count >= Export.chunkSize && large != nil else { return nil }
        let chunk = Array(buffer.prefix(Export.chunkSize))
        buffer.removeFirst(chunk.count)
        isHandedOut = left == 0 && buffer.isEmpty
        return chunk
    }
}
