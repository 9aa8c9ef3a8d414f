import Presentation

/// A validated path component: it can only name an entry of the directory it is looked up in.
///
/// File names on a share are bytes, not text. Names that are not UTF-8, or longer than those the controller creates,
/// exist and must be removable.
package struct NFSName: Hashable, Sendable {
    /// The longest component that is safe to make: NAME_MAX of most file systems.
    package static let maximumLength = 255
    /// The longest name that libnfs sends.
    static let longestListed = 1024

    package let bytes: [UInt8]

    /// - Throws: ``InvalidName`` unless there are 1…255 `bytes`, without `/` and NUL, and they are neither `.` nor
    ///   `..`.
    package init(bytes: [UInt8]) throws(InvalidName) {
        if let reason = InvalidName.Reason(bytes) { throw InvalidName(bytes: bytes, reason: reason) }
        self.bytes = bytes
    }

    /// - Throws: ``InvalidName`` as ``init(bytes:)`` does, for the UTF-8 of `string`.
    package init(_ string: String) throws(InvalidName) {
        try self.init(bytes: Array(string.utf8))
    }

    /// A name from a server, which may be longer than ``maximumLength``.
    ///
    /// - Returns: `nil` unless `bytes` are a name of at most ``longestListed`` bytes.
    package init?(listed bytes: [UInt8]) {
        guard InvalidName.Reason(bytes, limit: Self.longestListed) == nil else { return nil }
        self.bytes = bytes
    }

    /// Creates a name from bytes that are valid by construction.
    init(checked bytes: [UInt8]) {
        precondition(InvalidName.Reason(bytes) == nil, "not a file name: \(printable(bytes))")
        self.bytes = bytes
    }

    /// The name as text, or `nil` if its bytes are not UTF-8.
    package var string: String? { String(validating: bytes, as: UTF8.self) }
}

extension NFSName: ExpressibleByStringLiteral {
    /// An invalid literal is a programming error and traps.
    package init(stringLiteral value: StaticString) {
        self.init(checked: value.withUTF8Buffer { Array($0) })
    }
}

extension NFSName: CustomStringConvertible {
    /// The name for display: control characters and bytes that are not UTF-8 appear as `\xNN`.
    package var description: String { printable(bytes) }
}

/// A path for display; a long one is shortened to its first and last names.
func printablePath(_ names: [NFSName]) -> String {
    let names = names.map { "\($0)" }
    return (names.count <= 4 ? names : names.prefix(2) + ["…"] + names.suffix(2)).joined(separator: "/")
}
