import Crypto
import Presentation

/// The tar archive in a copy's file, read and decompressed on demand in bounded memory. It ends with an error unless
/// the file matches its manifest.
struct CopyTar: AsyncSequence, Sendable {
    typealias Element = [UInt8]
    typealias Failure = any Error

    let file: any CopyFile
    /// The file's place, for messages.
    let place: String
    let contents: CopyContents
    let isCompressed: Bool

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(self) }

    struct AsyncIterator: AsyncIteratorProtocol {
        private let copy: CopyTar
        private var decoder: ZstdDecoder?
        private var hash = SHA256()
        private var offset: Int64 = 0
        private var tarBytes: Int64 = 0
        private var waiting: [UInt8] = []
        private var position = 0

        fileprivate init(_ copy: CopyTar) {
            self.copy = copy
        }

        /// - Throws: ``CopyError`` if the file does not match the manifest; what reading throws.
        mutating func next() async throws -> [UInt8]? {
            while true {
                let piece = try unpacked()
                tarBytes += Int64(piece.count)
                guard tarBytes <= copy.contents.tarBytes else {
                    throw failure("it contains more than its manifest says")
                }
                if !piece.isEmpty { return piece }
                guard offset < copy.contents.bytes else {
                    try await confirm()
                    return nil
                }
                try await read()
            }
        }

        mutating func next(isolation actor: isolated (any Actor)?) async throws -> [UInt8]? { try await next() }

        /// Decompresses the next piece of the bytes that were read.
        ///
        /// Inlined into ``next()``, its error would crash the optimising compiler (Swift 6.3.1).
        @inline(never)
        private mutating func unpacked() throws(CopyError) -> [UInt8] {
            guard copy.isCompressed else {
                defer { waiting = [] }
                return waiting
            }
            let decoder: ZstdDecoder
            if let known = self.decoder { decoder = known } else { decoder = try ZstdDecoder() }
            self.decoder = decoder
            while position < waiting.count || decoder.state == .hasOutput {
                do throws(CopyError) {
                    let piece = try decoder.decode(waiting, &position)
                    if !piece.isEmpty { return piece }
                } catch {
                    throw failure("\(error)")
                }
            }
            return []
        }

        private mutating func read() async throws {
            let end = Swift.min(offset + Int64(CopyStream.step), copy.contents.bytes)
            waiting = Array(try await copy.file.chunks(offset..<end).joined())
            position = 0
            guard Int64(waiting.count) == end - offset else { throw cutOff }
            hash.update(data: waiting)
            offset = end
        }

        private func confirm() async throws {
            guard try await copy.file.ends(at: copy.contents.bytes) else {
                throw failure("it is longer than its manifest says")
            }
            guard hash.finalize().hexadecimal == copy.contents.sha256 else {
                throw failure("its SHA-256 differs from its manifest; it was damaged or changed")
            }
            guard tarBytes == copy.contents.tarBytes, decoder.map({ $0.state == .betweenFrames }) ?? true else {
                throw cutOff
            }
        }

        private var cutOff: CopyError { failure("it is shorter than its manifest says; it was truncated") }

        private func failure(_ reason: String) -> CopyError { CopyError("restore copy \(copy.place): \(reason)") }
    }
}
