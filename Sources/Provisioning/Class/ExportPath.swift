import NFS

/// An NFS server as the admin names it and the directory that it exports, in the form kubelet will mount.
package struct ExportPath: Sendable, Hashable, CustomStringConvertible {
    /// Verbatim: a volume's `spec.nfs.server` says the same.
    package let server: String
    /// Absolute, without `.`, `..`, doubled or trailing slashes.
    package let path: String

    /// - Returns: nil when the server is empty or the path is not absolute, or climbs.
    package init?(server: String, path: String) {
        guard !server.isEmpty, let path = Self.cleaned(path) else { return nil }
        self.server = server
        self.path = path
    }

    /// `server:/path`, as `mount` writes it; the server may be an IPv6 address in brackets.
    package init?(_ text: String) {
        guard let path = text.firstRange(of: ":/") else { return nil }
        var server = text[..<path.lowerBound]
        if server.hasPrefix("["), server.hasSuffix("]") { server = server.dropFirst().dropLast() }
        self.init(server: String(server), path: "/" + text[path.upperBound...])
    }

    package var description: String { "\(address)" }

    package var address: ExportAddress { ExportAddress(server: server, path: path) }

    /// The path of something below this export, as a volume's `spec.nfs.path` gives it.
    package func absolute(_ path: VolumePath) -> String {
        self.path == "/" ? "/\(path)" : "\(self.path)/\(path)"
    }

    /// The components below this export's root of an absolute path, or nil where it is not below.
    ///
    /// - Returns: An empty list for the root itself.
    package func relativeComponents(of absolute: String) -> [String]? {
        guard let absolute = Self.cleaned(absolute) else { return nil }
        if absolute == path { return [] }
        let prefix = path == "/" ? "/" : path + "/"
        guard absolute.hasPrefix(prefix) else { return nil }
        return absolute.dropFirst(prefix.count).split(separator: "/").map(String.init)
    }

    private static func cleaned(_ path: String) -> String? {
        guard path.hasPrefix("/"), !path.utf8.contains(0) else { return nil }
        let components = path.split(separator: "/")
        guard !components.contains(where: { $0 == "." || $0 == ".." }) else { return nil }
        return "/" + components.joined(separator: "/")
    }
}
