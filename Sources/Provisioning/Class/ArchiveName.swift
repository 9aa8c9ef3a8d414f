import NFS

/// Names of archived directories in an export's root (R5: `archived-` and the basename; T5: older prefixes count).
package enum ArchiveName {
    private static let prefix = "archived-"
    /// The prefix that the first release of nfs-subdir-external-provisioner's forerunner wrote.
    private static let oldPrefix = "archieved-"

    package static func isArchive(_ name: String) -> Bool {
        name.utf8.starts(with: prefix.utf8) || name.utf8.starts(with: oldPrefix.utf8)
    }

    /// The basename within an archive's name; any other name is returned unchanged.
    static func basename(of name: String) -> String {
        let prefix = [prefix, oldPrefix].first { name.utf8.starts(with: $0.utf8) } ?? ""
        return String(decoding: name.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
    }

    /// Makes `archived-<basename>`, as nfs-subdir-external-provisioner does, with a suffix where that name is taken.
    /// Truncates the basename where the name would be too long for a file.
    package static func name(for basename: String, suffix: String? = nil) -> String {
        let tail = suffix.map { "-" + $0 } ?? ""
        var basename = basename[...]
        while (prefix + basename + tail).utf8.count > NFSName.maximumLength { basename.unicodeScalars.removeLast() }
        return prefix + basename + tail
    }
}
