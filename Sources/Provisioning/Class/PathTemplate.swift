/// A `pathPattern` or `subDir`: literal text and placeholders, split into components by its own slashes.
///
/// Placeholders are those of nfs-subdir-external-provisioner (`${.PVC.namespace}`, `${.PVC.name}`,
/// `${.PVC.labels.KEY}`, `${.PVC.annotations.KEY}`) and csi-driver-nfs (`${pvc.metadata.namespace}`,
/// `${pvc.metadata.name}`, `${pv.metadata.name}`). Values are taken literally (S3: values are not expanded again) and
/// never add a component (S1: every component is checked).
package struct PathTemplate: Sendable, Hashable, CustomStringConvertible {
    /// Value that a placeholder stands for.
    package enum Placeholder: Sendable, Hashable {
        case claimNamespace, claimName, volumeName
        case label(String)
        case annotation(String)
    }

    /// The facts of a claim that placeholders draw on.
    package struct Values: Sendable {
        package var namespace: String
        package var claim: String
        package var volume: String
        package var labels: [String: String]
        package var annotations: [String: String]

        package init(
            namespace: String,
            claim: String,
            volume: String,
            labels: [String: String] = [:],
            annotations: [String: String] = [:]
        ) {
            self.namespace = namespace
            self.claim = claim
            self.volume = volume
            self.labels = labels
            self.annotations = annotations
        }

        fileprivate subscript(placeholder: Placeholder) -> String? {
            switch placeholder {
            case .claimNamespace: namespace
            case .claimName: claim
            case .volumeName: volume
            case .label(let key): labels[key]
            case .annotation(let key): annotations[key]
            }
        }
    }

    private enum Piece: Sendable, Hashable {
        case text(String)
        case placeholder(Placeholder, source: String)
    }

    package let description: String
    private let components: [[Piece]]

    /// - Throws: ``PathError`` for an unknown placeholder, or a template without any component.
    package init(_ template: String) throws(PathError) {
        description = template
        var components: [[Piece]] = []
        for component in try Self.split(template) where !component.isEmpty {
            components.append(component)
        }
        guard !components.isEmpty else { throw PathError("it names no directory below the export's root") }
        self.components = components
    }

    /// Fills the template in for a claim.
    ///
    /// - Parameters:
    ///   - values: The claim's facts.
    ///   - allowsEmptyValues: Lets a placeholder without a value expand to nothing, as
    ///     nfs-subdir-external-provisioner does, where no component becomes empty (S2: a placeholder needs a value).
    /// - Returns: The path below the export's root.
    /// - Throws: ``PathError`` naming the placeholder or the component that is refused.
    package func path(for values: Values, allowsEmptyValues: Bool = false) throws(PathError) -> VolumePath {
        var names: [String] = []
        for component in components {
            names.append(try Self.expand(component, values, allowsEmptyValues: allowsEmptyValues))
        }
        return try VolumePath(components: names)
    }

    private static func expand(
        _ component: [Piece],
        _ values: Values,
        allowsEmptyValues: Bool
    ) throws(PathError) -> String {
        var name = ""
        for piece in component {
            switch piece {
            case .text(let text):
                name += text
            case .placeholder(let placeholder, let source):
                let value = values[placeholder] ?? ""
                guard !value.isEmpty || allowsEmptyValues else {
                    throw PathError(
                        "the placeholder \(source) has no value on the claim \(values.namespace)/\(values.claim)"
                    )
                }
                guard !value.utf8.contains(UInt8(ascii: "/")) else {
                    throw PathError("the value of \(source) contains a slash, and a value cannot add a directory")
                }
                guard !value.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
                    throw PathError("the value of \(source) contains a control character")
                }
                name += value
            }
        }
        guard !name.isEmpty else {
            let sources = component.map { if case .placeholder(_, let source) = $0 { source } else { "" } }.joined()
            throw PathError("\(sources) has no value and would leave a directory without a name")
        }
        return name
    }

    private static func split(_ template: String) throws(PathError) -> [[Piece]] {
        var components: [[Piece]] = [[]]
        var rest = template[...]
        // By scalars, because a slash followed by a combining mark is a different `Character`.
        while let scalar = rest.unicodeScalars.first {
            if scalar == "/" {
                components.append([])
                rest.unicodeScalars.removeFirst()
            } else {
                components[components.count - 1].append(try nextPiece(of: &rest))
            }
        }
        return components
    }

    /// Takes a placeholder, or the text up to the next placeholder or slash, off the front.
    private static func nextPiece(of rest: inout Substring) throws(PathError) -> Piece {
        guard rest.hasPrefix("${") else {
            let text = Substring(rest.unicodeScalars.prefix { $0 != "/" })
            let end = text.firstRange(of: "${")?.lowerBound ?? text.endIndex
            defer { rest = rest[end...] }
            return .text(String(rest[..<end]))
        }
        guard let end = rest.firstIndex(of: "}") else { throw PathError("the placeholder \(rest) is not closed") }
        let source = String(rest[...end])
        guard let placeholder = Placeholder(String(source.dropFirst(2).dropLast())) else {
            throw PathError("the placeholder \(source) is unknown")
        }
        rest = rest[rest.index(after: end)...]
        return .placeholder(placeholder, source: source)
    }
}

extension PathTemplate.Placeholder {
    fileprivate init?(_ name: String) {
        switch name {
        case ".PVC.namespace", "pvc.metadata.namespace": self = .claimNamespace
        case ".PVC.name", "pvc.metadata.name": self = .claimName
        case "pv.metadata.name": self = .volumeName
        default:
            if let key = name.suffix(after: ".PVC.labels.") {
                self = .label(key)
            } else if let key = name.suffix(after: ".PVC.annotations.") {
                self = .annotation(key)
            } else {
                return nil
            }
        }
    }
}

extension String {
    fileprivate func suffix(after prefix: String) -> String? {
        guard hasPrefix(prefix), utf8.count > prefix.utf8.count else { return nil }
        return String(dropFirst(prefix.count))
    }
}
