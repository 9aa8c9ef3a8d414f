/// How ``ExecAction`` hands ``ExecGuard`` what the program is to read: pieces, each behind its length in four bytes, the
/// highest first. A length of 0 tells that this was the whole; input that ends without it was cut.
enum ExecFrame {
    static let headerLength = 4
    static let end = [UInt8](repeating: 0, count: headerLength)

    /// A piece behind its length. It must not be empty, and be less than 4 GiB.
    static func frame(_ piece: [UInt8]) -> [UInt8] {
        let length = UInt32(piece.count)
        return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) } + piece
    }

    /// The length of the piece behind a header.
    static func length(_ header: [UInt8]) -> Int {
        header.reduce(0) { $0 << 8 | Int($1) }
    }
}
