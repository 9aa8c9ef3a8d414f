import Presentation

/// The parameters of a StorageClass, so that a class written for another provisioner is served as it stands.
///
/// - P1: nfs-subdir-external-provisioner's words are read.
/// - P2: csi-driver-nfs's words are read.
package struct ClassParameters: Sendable, Hashable {
    /// The template of volume paths below the export's root; nil means `<namespace>-<claim>-<volume>`.
    package var pathTemplate: PathTemplate?
    /// The export of this class (P3: one process serves many exports); nil: the controller's own.
    package var export: ExportPath?
    /// Permission bits of a new directory; nil leaves them to the server.
    package var mode: UInt32? = 0o777
    /// Owner of a new directory; nil leaves it to the server.
    package var uid: UInt32?
    package var gid: UInt32?
    /// Names of unknown parameters, sorted (P4: unknown parameters are warned about).
    package var unknown: [String] = []
    /// The action that the class requests on release.
    package var releaseAction: ReleaseAction = .archive

    /// Whether volumes need a backup before their data is removed; nil if the class does not say.
    package var backup: BackupRequirement?

    private static let known: Set<String> = [
        "pathPattern", "subDir", "server", "share", "mountPermissions", "mode", "uid", "gid",
        "onDelete", "archiveOnDelete", "backup",
    ]

    /// - Throws: ``ParameterError`` for a known parameter whose value cannot be read, with all other mistakes.
    package init(_ written: [String: String]) throws(ParameterError) {
        var mistakes = Self.misspelt(in: written)
        func read<Value>(_ body: () throws(ParameterError) -> Value, else standard: Value) -> Value {
            do throws(ParameterError) {
                return try body()
            } catch {
                mistakes.append(error)
                return standard
            }
        }
        let parameters = Self.folded(written)
        releaseAction = read({ () throws(ParameterError) in try Self.releaseAction(of: parameters) }, else: .archive)
        pathTemplate = read({ () throws(ParameterError) in try Self.pathTemplate(of: parameters) }, else: nil)
        export = read({ () throws(ParameterError) in try Self.export(of: parameters) }, else: nil)
        if let (name, value) = Self.first(["mountPermissions", "mode"], in: parameters) {
            mode = read({ () throws(ParameterError) in try Self.permissionBits(value, parameter: name) }, else: nil)
        }
        uid = read({ () throws(ParameterError) in try Self.identifier("uid", in: parameters) }, else: nil)
        gid = read({ () throws(ParameterError) in try Self.identifier("gid", in: parameters) }, else: nil)
        backup = read({ () throws(ParameterError) in try Self.backup(of: parameters) }, else: nil)
        unknown = parameters.keys.filter { !Self.known.contains($0) }.sorted()
        guard var first = mistakes.first else { return }
        first.others = Array(mistakes.dropFirst())
        throw first
    }

    /// Parses the release action alone: a volume can be reclaimed even if another parameter of its class is unreadable.
    ///
    /// - Throws: ``ParameterError`` when `onDelete` or `archiveOnDelete` cannot be read.
    package static func releaseAction(of written: [String: String]) throws(ParameterError) -> ReleaseAction {
        let parameters = folded(written)
        if let value = parameters["onDelete"], !value.isEmpty {
            guard let action = ReleaseAction(rawValue: value) else {
                throw ParameterError(parameter: "onDelete", value: value, remedy: "use delete, retain or archive")
            }
            return action
        }
        guard let value = parameters["archiveOnDelete"], !value.isEmpty else { return .archive }
        guard let archive = Bool(goWord: value) else {
            throw ParameterError(parameter: "archiveOnDelete", value: value, remedy: "use true or false")
        }
        return archive ? .archive : .delete
    }

    /// - Throws: ``ParameterError`` when `backup` cannot be read.
    package static func backup(of parameters: [String: String]) throws(ParameterError) -> BackupRequirement? {
        guard let value = parameters["backup"], !value.isEmpty else { return nil }
        guard let backup = BackupRequirement(rawValue: value) else {
            throw ParameterError(parameter: "backup", value: value, remedy: "use required, optional or none")
        }
        return backup
    }

    private static func pathTemplate(of parameters: [String: String]) throws(ParameterError) -> PathTemplate? {
        guard let (name, value) = first(["pathPattern", "subDir"], in: parameters) else { return nil }
        do {
            return try PathTemplate(value)
        } catch {
            throw ParameterError(parameter: name, value: value, remedy: error.description)
        }
    }

    /// Parses the class's own export alone, because its other parameters may be unreadable.
    ///
    /// - Returns: nil if the class leaves the export to the controller.
    /// - Throws: ``ParameterError`` when `server` or `share` cannot be read.
    static func export(of parameters: [String: String]) throws(ParameterError) -> ExportPath? {
        let parameters = folded(parameters)
        let server = parameters["server"] ?? ""
        let share = parameters["share"] ?? ""
        if server.isEmpty && share.isEmpty { return nil }
        guard !server.isEmpty else {
            throw ParameterError(parameter: "server", value: "", remedy: "name the NFS server that has \(share)")
        }
        if let mistake = ExportPath.mistake(server: server, path: share) {
            let (parameter, value) = mistake.isOfServer ? ("server", server) : ("share", share)
            throw ParameterError(parameter: parameter, value: value, remedy: mistake.remedy)
        }
        return ExportPath(server: server, path: share)
    }

    private static func permissionBits(_ value: String, parameter: String) throws(ParameterError) -> UInt32? {
        let digits = value.hasPrefix("0o") ? value.dropFirst(2) : value[...]
        guard digits.allSatisfy({ ("0"..."7").contains($0) }), let bits = UInt32(digits, radix: 8), bits <= 0o7777
        else {
            throw ParameterError(parameter: parameter, value: value, remedy: "use octal permission bits such as 0770")
        }
        // csi-driver-nfs changes the mode of a directory only if the value is not zero.
        return bits == 0 ? nil : bits
    }

    private static func identifier(_ name: String, in parameters: [String: String]) throws(ParameterError) -> UInt32? {
        guard let value = parameters[name], !value.isEmpty else { return nil }
        // 2³²−1 means "no change" to the system calls behind an NFS server.
        guard let id = UInt32(value), id != .max else {
            throw ParameterError(parameter: name, value: value, remedy: "use a number from 0 to 4294967294")
        }
        return id
    }

    // MARK: Names

    /// Parameters that csi-driver-nfs reads in any case, by lower-case name (P2: csi-driver-nfs's words are read).
    private static let folding: [String: String] = Dictionary(
        uniqueKeysWithValues: ["server", "share", "subDir", "mountPermissions", "onDelete"].map {
            ($0.lowercased(), $0)
        }
    )

    /// Parameters under their canonical names; of two spellings of one name, the canonical one wins.
    private static func folded(_ parameters: [String: String]) -> [String: String] {
        var folded: [String: String] = [:]
        for (name, value) in parameters {
            let known = folding[name.lowercased()] ?? name
            if known == name || parameters[known] == nil { folded[known] = value }
        }
        return folded
    }

    /// Near misses of known names, which would otherwise be ignored (P4: only names that resemble none are ignored), and
    /// parameters given in two spellings.
    private static func misspelt(in parameters: [String: String]) -> [ParameterError] {
        parameters.sorted { $0.key < $1.key }.filter { !known.contains($0.key) }.compactMap { name, value in
            if let folded = folding[name.lowercased()] {
                let others = parameters.keys.filter { $0 != name && $0.lowercased() == name.lowercased() }
                return others.min().map { other in
                    let remedy = "remove it, or \(other): both are \(folded)"
                    return ParameterError(parameter: name, value: value, remedy: remedy)
                }
            }
            return known.sorted().first { isNear(name, $0) }.map { meant in
                let remedy = "it would be ignored; if you mean \(meant), create the class again with that name"
                return ParameterError(parameter: name, value: value, remedy: remedy)
            }
        }
    }

    /// Whether two names differ only in case, hyphens and underscores, or in one letter of a name with more than four.
    private static func isNear(_ name: String, _ known: String) -> Bool {
        func letters(_ text: String) -> [UInt8] { text.lowercased().utf8.filter { !"-_".utf8.contains($0) } }
        let (one, other) = (letters(name), letters(known))
        if one == other { return true }
        guard other.count > 4, abs(one.count - other.count) <= 1 else { return false }
        let start = zip(one, other).prefix { $0 == $1 }.count
        let end = zip(one.dropFirst(start).reversed(), other.dropFirst(start).reversed()).prefix { $0 == $1 }.count
        return max(one.count, other.count) - start - end <= 1
    }

    private static func first(_ names: [String], in parameters: [String: String]) -> (String, String)? {
        for name in names {
            if let value = parameters[name], !value.isEmpty { return (name, value) }
        }
        return nil
    }
}

/// A refused StorageClass parameter: unreadable, misspelt or given twice (P4: the parameter is named).
package struct ParameterError: Error, Hashable, Sendable, CustomStringConvertible {
    package let parameter: String
    package let value: String
    /// How to fix it, e.g. "use delete, retain or archive".
    package let remedy: String
    /// Further mistakes in the same class.
    package var others: [ParameterError] = []

    package var description: String {
        let own = "class parameter \(parameter): the value \"\(value)\" cannot be used; \(remedy)"
        return ([own] + others.map(\.description)).joined(separator: "; ")
    }
}

/// What happens to a volume's directory when its claim is gone, in the words of the class parameter `onDelete`.
package enum ReleaseAction: String, Codable, Sendable, Hashable {
    /// R5: renamed to `archived-…` in the export's root.
    case archive
    /// R6: moved into the controller's trash and removed there.
    case delete
    /// R7: left where it is.
    case retain
}
