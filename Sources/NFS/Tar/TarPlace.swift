import Presentation
import Tar

/// The place where an entry of a tar archive is created.
struct TarPlace: Sendable {
    /// The path from the top of the archive; the last name is the entry's own.
    let names: [NFSName]
    let name: NFSName
    let parent: FileHandle
    /// The identifier of the parent in ``TarUnpacking``.
    let directory: Int

    /// Runs `work`, and adds this place to its errors.
    func locating<Value>(_ work: () async throws -> Value) async throws -> Value {
        do {
            return try await work()
        } catch let error as NFSError {
            throw error.at(printablePath(names))
        }
    }
}

extension TarHeader {
    /// The components of the path; none for the archive's top.
    ///
    /// - Throws: `TarError` for a path that leads out of the archive or has an invalid component.
    var names: [NFSName] {
        get throws(TarError) { try Self.names(of: path, path) }
    }

    /// The components of the path that a hard link refers to.
    var targetNames: [NFSName] {
        get throws(TarError) { try Self.names(of: target, path) }
    }

    private static func names(of way: [UInt8], _ path: [UInt8]) throws(TarError) -> [NFSName] {
        guard let first = way.first else { throw TarError(path, "it has an empty path") }
        guard first != UInt8(ascii: "/") else { throw TarError(path, "the path \(printable(way)) is absolute") }
        var names: [NFSName] = []
        for part in way.split(separator: UInt8(ascii: "/")) where part != [UInt8(ascii: ".")] {
            do throws(InvalidName) {
                names.append(try NFSName(bytes: Array(part)))
            } catch {
                throw TarError(path, "\(error)")
            }
        }
        return names
    }

    /// - Throws: `TarError` for a symbolic link that cannot be made.
    func requireTarget() throws(TarError) {
        guard !target.isEmpty, !target.contains(0), target.count <= TreeCopy.longestTarget else {
            throw TarError(
                path,
                "its target is \(target.count) bytes long or contains a NUL; the limit is \(TreeCopy.longestTarget)"
            )
        }
    }
}
