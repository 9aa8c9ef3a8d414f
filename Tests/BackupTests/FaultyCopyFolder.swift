import NFS

@testable import Backup

/// A folder whose disk has a fault that no real one has when asked to: it is full, or gives back one bit that was not
/// written.
struct FaultyCopyFolder: CopyFolder {
    enum Fault {
        case full, flippedBit
    }

    let folder: any CopyFolder
    let fault: Fault

    func create(_ name: NFSName) async throws -> any CopyFile {
        FaultyCopyFile(file: try await folder.create(name), fault: fault)
    }

    func open(_ name: NFSName) async throws -> (any CopyFile)? {
        try await folder.open(name).map { FaultyCopyFile(file: $0, fault: fault) }
    }

    func entries() async throws -> [CopyFolderEntry] { try await folder.entries() }

    func folder(_ name: NFSName) async throws -> (any CopyFolder)? { try await folder.folder(name) }

    func remove(_ name: NFSName) async throws { try await folder.remove(name) }
}

private struct FaultyCopyFile: CopyFile {
    let file: any CopyFile
    let fault: FaultyCopyFolder.Fault

    func write(_ bytes: [UInt8], at offset: Int64) async throws {
        if fault == .full, offset > 0 { throw LocalFileError(operation: "write", path: "/backup", number: 28) }
        try await file.write(bytes, at: offset)
    }

    func flush() async throws { try await file.flush() }

    func dropCache() async throws { try await file.dropCache() }

    func read(at offset: Int64, count: Int) async throws -> [UInt8] {
        var bytes = try await file.read(at: offset, count: count)
        if fault == .flippedBit, offset == 0, !bytes.isEmpty { bytes[bytes.count / 2] ^= 0x10 }
        return bytes
    }

    func rename(to name: NFSName) async throws { try await file.rename(to: name) }
}
