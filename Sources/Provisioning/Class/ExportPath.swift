import Glibc
import NFS

/// An NFS server, as the admin names it, and a directory that it exports, in the form that kubelet mounts.
package struct ExportPath: Sendable, Hashable, CustomStringConvertible {
    /// A host name or address; an IPv6 address has no brackets, as in a volume's `spec.nfs.server`.
    package let server: String
    /// Absolute, without `.`, `..`, doubled or trailing slashes.
    package let path: String

    /// - Returns: nil if the server is empty, or the path is not absolute or contains `.`, `..` or a NUL.
    package init?(server: String, path: String) {
        let server = Self.host(server)
        guard !server.isEmpty, let components = Self.components(of: path) else { return nil }
        self.server = server
        self.path = "/" + components.joined(separator: "/")
    }

    /// Parses `server:/path`, as `mount` writes it; the server may be an IPv6 address in brackets. Works on bytes,
    /// because a bracket followed by a combining mark is a different `Character`.
    package init?(_ text: String) {
        guard let path = text.utf8.firstRange(of: ":/".utf8) else { return nil }
        let (opening, closing) = (UInt8(ascii: "["), UInt8(ascii: "]"))
        var server = text.utf8[..<path.lowerBound]
        if server.first == opening, server.last == closing { server = server.dropFirst().dropLast() }
        guard !server.contains(where: { [opening, closing].contains($0) }) else { return nil }
        self.init(server: String(Substring(server)), path: "/" + text[path.upperBound...])
    }

    /// A server without surrounding white space and brackets, as it is written onto volumes. Works on bytes, because a
    /// bracket followed by a combining mark is a different `Character`.
    package static func host(_ text: String) -> String {
        let space = " \t\r\n".utf8
        var bytes = text.utf8[...]
        while let first = bytes.first, space.contains(first) { bytes.removeFirst() }
        while let last = bytes.last, space.contains(last) { bytes.removeLast() }
        if bytes.first == UInt8(ascii: "["), bytes.last == UInt8(ascii: "]") { bytes = bytes.dropFirst().dropLast() }
        return String(Substring(bytes))
    }

    /// The form in which servers are compared (P3: spellings of one server are one): the case of a name, the dot at its
    /// end, and the ways to write an IPv6 address make no difference. A name and its address stay two servers.
    package static func key(ofServer text: String) -> String {
        let host = host(text)
        var address = in6_addr()
        if host.utf8.contains(UInt8(ascii: ":")), inet_pton(AF_INET6, host, &address) == 1 {
            return withUnsafeBytes(of: address) { $0.map { String($0, radix: 16) }.joined(separator: ":") }
        }
        let name = host.lowercased()
        return name.hasSuffix(".") ? String(name.dropLast()) : name
    }

    /// Whether a volume, or another export, is on this export's server.
    package func isOn(server: String) -> Bool {
        // Mostly they are written in the same way.
        self.server == server || Self.key(ofServer: self.server) == Self.key(ofServer: server)
    }

    package static func == (one: ExportPath, other: ExportPath) -> Bool {
        one.path.utf8.elementsEqual(other.path.utf8) && one.isOn(server: other.server)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(Self.key(ofServer: server))
        hasher.combine(path)
    }

    /// Checks an export that an admin wrote; the remedy is worded to follow its value.
    ///
    /// - Returns: nil if it can be used.
    package static func mistake(server: String, path: String) -> (isOfServer: Bool, remedy: String)? {
        let host = host(server)
        let isAddress = host.utf8.count { $0 == UInt8(ascii: ":") } > 1
        let isName = host.unicodeScalars.allSatisfy { !"/[]@ \t\r\n\0".unicodeScalars.contains($0) }
        guard !host.isEmpty, isName, isAddress || !host.utf8.contains(UInt8(ascii: ":")) else {
            return (true, "use the server's name or address alone, without nfs:// and without a port")
        }
        let ends = [path.unicodeScalars.first, path.unicodeScalars.last].compactMap(\.self)
        guard ExportPath(server: server, path: path) != nil, !path.unicodeScalars.contains("\n"),
            ends.allSatisfy({ !$0.properties.isWhitespace })
        else {
            return (
                false, "use an absolute path that \(host) exports, without . or .. in it and without space around it"
            )
        }
        return nil
    }

    package var description: String { "\(address)" }

    package var address: ExportAddress { ExportAddress(server: server, path: path) }

    /// The absolute path of a directory below this export, as in a volume's `spec.nfs.path`.
    package func absolute(_ path: VolumePath) -> String {
        self.path == "/" ? "/\(path)" : "\(self.path)/\(path)"
    }

    /// Components of an absolute path below this export's root; nil if the path is not below it.
    ///
    /// - Returns: An empty list for the root itself.
    package func relativeComponents(of absolute: String) -> [String]? {
        guard let own = Self.components(of: path), let all = Self.components(of: absolute), all.count >= own.count,
            zip(own, all).allSatisfy({ $0.utf8.elementsEqual($1.utf8) })
        else { return nil }
        return Array(all.dropFirst(own.count))
    }

    /// Components of an absolute path, split by bytes, because a slash followed by a combining mark is a different
    /// `Character`.
    ///
    /// - Returns: nil if the path is not absolute, or has `.`, `..` or a NUL in it.
    static func components(of path: String) -> [String]? {
        guard path.utf8.first == UInt8(ascii: "/"), !path.utf8.contains(0) else { return nil }
        let components = path.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
        return components.contains { $0 == "." || $0 == ".." } ? nil : components
    }
}
