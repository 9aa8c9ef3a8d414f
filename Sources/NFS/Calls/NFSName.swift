import Presentation

/// One component of a path, checked: it can only ever name an entry of the directory it is looked up in.
///
/// File names on a share are bytes, not text; names that are not UTF-8, or longer than we make them, exist and must be
/// removable.
package struct NFSName: Hashable, Sendable {
    /// The longest component that is safe to make: NAME_MAX of most file systems.
    package static let maximumLength = 255
    /// The longest that libnfs sends.
    static let longestListed = 1024

    package let bytes: [UInt8]

    /// - Throws: ``InvalidName`` unless `bytes` are 1…255, hold no `/` and no NUL, and are neither `.` nor `..`.
    package init(bytes: [UInt8]) throws(InvalidName) {
        if let reason = InvalidName.Reason(bytes) { throw InvalidName(bytes: bytes, reason: reason) }
        self.bytes = bytes
    }

    /// - Throws: ``InvalidName`` as ``init(bytes:)`` does, of the UTF-8 of `string`.
    package init(_ string: String) throws(InvalidName) {
        try self.init(bytes: Array(string.utf8))
    }

    /// A name that a server gave, which may be longer than one of ours.
    ///
    /// - Returns: `nil` unless `bytes` are a name of at most ``longestListed`` bytes.
    package init?(listed bytes: [UInt8]) {
        guard InvalidName.Reason(bytes, limit: Self.longestListed) == nil else { return nil }
        self.bytes = bytes
    }

    /// For bytes that are a name by construction.
    init(checked bytes: [UInt8]) {
        precondition(InvalidName.Reason(bytes) == nil, "not a file name: \(printable(bytes))")
        self.bytes = bytes
    }

    /// The name as text, or `nil` if its bytes are not UTF-8.
    package var string: String? { String(validating: bytes, as: UTF8.self) }
}

extension NFSName: ExpressibleByStringLiteral {
    /// A literal is the programmer's own, so a bad one is a mistake in the program and traps.
    package init(stringLiteral value: StaticString) {
        self.init(checked: value.withUTF8Buffer { Array($0) })
    }
}

extension NFSName: CustomStringConvertible {
    /// The name for people: control characters and bytes that are not UTF-8 are shown as `\xNN`.
    package var description: String { printable(bytes) }
}

/// A path for people: its first and last names only, if it is long.
func printablePath(_ names: [NFSName]) -> String {
    let names = names.map { "\($0)" }
    return (names.count <= 4 ? names : names.prefix(2) + ["…"] + names.suffix(2)).joined(separator: "/")
}
