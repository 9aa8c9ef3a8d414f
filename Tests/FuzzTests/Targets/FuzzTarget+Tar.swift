import Foundation
import Tar

@testable import NFS

extension FuzzTarget {
    /// As it is, and with checksums that fit, so that the fields behind them are looked at.
    static let tar = FuzzTarget("tar", cases: 1800) { bytes in
        let isArchive = try checkTar(bytes)
        let isOneWithChecksums = try checkTar(withChecksums(bytes))
        return isArchive || isOneWithChecksums
    }

    private static func checkTar(_ bytes: [UInt8]) throws -> Bool {
        let (read, others) = (TarContents([bytes]), TarContents(bytes.pieces))
        try hold(read.error == others.error, "whether it can be read depends on where it is cut")
        // An error takes with it what came before in the same piece.
        if let error = read.error {
            try holdSentence(error)
        } else {
            try hold(read == others, "what is in it depends on where it is cut")
        }
        for header in others.headers {
            guard (try? header.names)?.isEmpty == false, !header.target.contains(0) else { continue }
            _ = try? header.targetNames
            // No device has a greater number; ustar has no room for one.
            let device = header.attributes.device
            guard device.major <= 0o7_777_777, device.minor <= 0o7_777_777 else { continue }
            try hold(TarContents([header.blocks]).headers == [header], "an entry is written as another: \(header)")
        }
        return !others.headers.isEmpty
    }

    private static func withChecksums(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for start in stride(from: 0, through: bytes.count - 512, by: 512)
        where bytes[start + 257..<start + 262].elementsEqual("ustar".utf8) {
            bytes.replaceSubrange(start + 148..<start + 156, with: repeatElement(0x20, count: 8))
            let sum = String(bytes[start..<start + 512].reduce(0) { $0 + Int($1) }, radix: 8)
            let digits = String(repeating: "0", count: 6 - sum.utf8.count) + sum + "\0 "
            bytes.replaceSubrange(start + 148..<start + 156, with: Array(digits.utf8))
        }
        return bytes
    }
}

/// What is read of an archive, up to where it cannot be read.
private struct TarContents: Equatable {
    var headers: [TarHeader] = []
    var contents: [UInt8] = []
    var error: TarError?

    init(_ pieces: [[UInt8]]) {
        var reader = TarReader()
        do {
            for piece in pieces {
                for part in try reader.read(piece) {
                    switch part {
                    case .entry(let header): headers.append(header)
                    case .content(let bytes): contents += bytes
                    }
                }
            }
            try reader.finish()
        } catch {
            self.error = error
        }
    }
}
