import Presentation
import Tar

/// Where an entry of a tar archive is made.
struct TarPlace: Sendable {
    /// From the top of the archive; the last is the entry's own.
    let names: [NFSName]
    let name: NFSName
    let parent: FileHandle
    /// What the unpacking calls the parent by.
    let directory: Int

    /// Does something there, with errors that say where.
    func locating<Value>(_ work: () async throws -> Value) async throws -> Value {
        do {
            return try await work()
        } catch let error as NFSError {
            throw error.at(printablePath(names))
        }
    }
}

extension TarHeader {
    /// The names that the path is made of, none for the archive's top.
    ///
    /// - Throws: ``TarError`` for a path that leads out of the archive, or has what is no name.
    var names: [NFSName] {
        get throws(TarError) { try Self.names(of: path, path) }
    }

    /// Likewise of what a hard link is another name of.
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

    /// - Throws: ``TarError`` for a symbolic link that cannot be made.
    func requireTarget() throws(TarError) {
        guard !target.isEmpty, !target.contains(0), target.count <= TreeCopy.longestTarget else {
            throw TarError(
                path,
                "its target is \(target.count) bytes long, or has a NUL; the most is \(TreeCopy.longestTarget)"
            )
        }
    }
}
