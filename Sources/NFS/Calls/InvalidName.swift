import Presentation

/// An error for bytes that cannot name a directory entry.
package struct InvalidName: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Reason: Hashable, Sendable {
        case empty
        case dots
        case slash
        case nul
        case tooLong(Int)

        /// The first rule that `bytes` break; `nil` if they are a valid name.
        init?(_ bytes: [UInt8], limit: Int = NFSName.maximumLength) {
            if bytes.isEmpty {
                self = .empty
            } else if bytes == [UInt8(ascii: ".")] || bytes == Array("..".utf8) {
                self = .dots
            } else if bytes.contains(UInt8(ascii: "/")) {
                self = .slash
            } else if bytes.contains(0) {
                self = .nul
            } else if bytes.count > limit {
                self = .tooLong(bytes.count)
            } else {
                return nil
            }
        }
    }

    package let bytes: [UInt8]
    package let reason: Reason

    package var description: String {
        switch reason {
        case .empty: "a file name must not be empty"
        case .dots: "“\(printable(bytes))” is not a file name"
        case .slash: "the file name “\(printable(bytes))” must not contain “/”"
        case .nul: "the file name “\(printable(bytes))” must not contain a NUL"
        case .tooLong(let count):
            "the file name “\(printable(Array(bytes.prefix(32))))…” is \(count) bytes long; "
                + "the limit is \(NFSName.maximumLength)"
        }
    }
}
