import NFS

/// The path from an export's root down to a volume's directory (S1: every component is checked).
///
/// The components are never joined for libnfs: each one is looked up in the directory before it.
package struct VolumePath: Sendable, Hashable, CustomStringConvertible {
    /// The maximum depth of a volume below the export's root.
    package static let maximumDepth = 32

    package let components: [NFSName]
    /// The components as text.
    package let names: [String]

    /// - Throws: ``PathError`` naming the component that is refused: empty, `.`, `..`, with a slash or NUL, over 255
    ///   bytes, or the controller's own folder; or a path of more than ``maximumDepth`` components (S1: every component
    ///   is checked), or of none (S6: the root is never a volume).
    package init(components names: some Collection<String>) throws(PathError) {
        guard !names.isEmpty else { throw PathError("it is the export's root, which cannot be a volume") }
        guard names.count <= Self.maximumDepth else {
            throw PathError("it is \(names.count) directories deep; the limit is \(Self.maximumDepth)")
        }
        var components: [NFSName] = []
        for name in names {
            let component = try Self.component(name)
            // On a case-insensitive server, these names lead to the folder too.
            guard name.lowercased() != ControllerFolder.name.description else {
                throw PathError("\(ControllerFolder.name) is the controller's own folder")
            }
            components.append(component)
        }
        self.components = components
        self.names = Array(names)
    }

    /// The standard path (N3: `<namespace>-<claim>-<volume>`).
    ///
    /// - Throws: ``PathError`` if the name is too long for a directory.
    package static func standard(for values: PathTemplate.Values) throws(PathError) -> VolumePath {
        try VolumePath(components: ["\(values.namespace)-\(values.claim)-\(values.volume)"])
    }

    /// Parses a path below the export's root, as a record stores it.
    ///
    /// - Throws: ``PathError`` if it is not a valid volume path.
    init(recorded path: String) throws(PathError) {
        try self.init(components: ExportPath.components(of: "/" + path) ?? [])
    }

    /// The directory's own name.
    package var basename: NFSName { components[components.count - 1] }

    /// The components as they are, joined by slashes.
    package var description: String { names.joined(separator: "/") }

    private static func component(_ name: String) throws(PathError) -> NFSName {
        do {
            return try NFSName(name)
        } catch {
            throw PathError(error.description)
        }
    }
}

/// Why a template gives no path (S2: a placeholder needs a value), or why a path is refused (S1: every component is
/// checked).
package struct PathError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
