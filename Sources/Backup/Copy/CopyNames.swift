import Kubernetes
import NFS
import Provisioning

/// The names of one copy's files. The same event always gives the same names.
struct CopyNames: Hashable, Sendable {
    /// The folder below the destination: `<namespace>-<claim>`, or the volume's name where it has no claim.
    let folder: NFSName
    /// `<volume>-<time of the event>.tar.zst` or `….tar`.
    let archive: NFSName
    /// The archive's name with `.json` appended.
    let manifest: NFSName
    /// The file that is being written; no other hook or event uses this name.
    let temporary: NFSName

    /// - Throws: `InvalidName` for a volume or a claim that cannot be part of a file's name.
    init(_ facts: HookFacts, _ compression: CopyHook.Compression) throws(InvalidName) {
        let event = facts.event
        let folder = event.claim.map { "\($0.namespace)-\($0.name)" } ?? event.volume
        // Only both names together can be too long. Cutting them is safe: the file's own name tells volumes apart.
        self.folder = try NFSName(bytes: Array(folder.utf8.prefix(NFSName.maximumLength)))
        let time = event.requestedAt.description.filter { $0 != "-" && $0 != ":" }
        let archive = "\(event.volume)-\(time).tar\(compression == .zstd ? ".zst" : "")"
        self.archive = try NFSName(archive)
        manifest = try Self.manifest(of: self.archive)
        temporary = try NFSName("\(Export.temporaryPrefix)\(facts.idempotencyKey)")
    }

    /// The name of the manifest of a copy's file.
    static func manifest(of file: NFSName) throws(InvalidName) -> NFSName {
        try NFSName(bytes: file.bytes + Array(".json".utf8))
    }
}

extension CopyHook.Compression {
    /// Derives the compression of a copy's file from its name.
    init(of file: NFSName) {
        self = file.bytes.suffix(4) == Array(".zst".utf8)[...] ? .zstd : .none
    }
}
