import Foundation

// What tests do to the folders behind the exports.

/// Makes an empty file whose name is any bytes.
func create(_ name: [UInt8], in folder: URL) {
    let path = (folder.path().utf8 + [0x2F] + name + [0]).map { CChar(bitPattern: $0) }
    close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0o600))
}

/// Makes a folder with many empty files in it, off the concurrency pool, whose few threads the other tests need.
func create(_ names: some Collection<String> & Sendable, in folder: URL) async throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    await withCheckedContinuation { continuation in
        DispatchQueue.global().async {
            for name in names { create(Array(name.utf8), in: folder) }
            continuation.resume()
        }
    }
}
