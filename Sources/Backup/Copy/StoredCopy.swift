import Foundation
import Kubernetes
import NFS
import Provisioning

/// A copy at its destination, or the remains of one.
package struct StoredCopy: Sendable {
    /// The state that names and manifests show; ``verify(onProgress:)`` reads the file.
    package enum State: Hashable, Sendable {
        /// The file and its manifest are there.
        case complete
        /// It is being made.
        case unfinished
        /// It is unusable, for the reason given in one sentence.
        case broken(String)
    }

    /// The file's place, for messages: the destination, the folder and the file's name.
    package let place: String
    package let state: State
    let folder: any CopyFolder
    let file: NFSName
    let manifest: CopyManifest?

    /// The event that it was made for; nil without a readable manifest.
    package var event: HookEvent? { manifest?.facts.event }
    /// When it was finished.
    package var createdAt: Timestamp? { manifest?.createdAt }
    /// The file's expected size.
    package var bytes: Int64? { manifest?.contents.bytes }

    /// The id of the archive that it is a copy of; nil without a readable manifest.
    package var id: String? { event.map { ArchiveCopy(of: $0, at: place).id } }

    /// Whether it is a copy of an archive, or seems to be by its name.
    package func isOf(_ id: String) -> Bool {
        self.id.map { $0 == id } ?? "\(file)".hasPrefix("\(id)-")
    }

    /// Reads the whole file, and compares it with its manifest.
    ///
    /// - Parameter onProgress: Called now and then with the number of bytes read so far.
    /// - Returns: What is wrong with the copy, one sentence; nil if it is whole, or still being made.
    /// - Throws: `CancellationError`.
    package func verify(onProgress: (Int64) -> Void) async throws -> String? {
        if case .broken(let reason) = state { return reason }
        guard let contents = manifest?.contents else { return nil }
        do {
            guard let file = try await folder.open(file) else { return "copy \(place): missing" }
            guard let digest = try await file.digest(bytes: contents.bytes, onProgress: onProgress) else {
                return "copy \(place): not the \(contents.bytes) bytes of its manifest; it was truncated or changed"
            }
            guard digest == contents.sha256 else {
                return "copy \(place): its SHA-256 differs from its manifest; it was damaged or changed"
            }
            return nil
        } catch {
            try Task.checkCancellation()
            return "copy \(place): cannot be read: \(error)"
        }
    }

    /// The copy's tar archive, which ends with an error unless the file matches the manifest.
    ///
    /// - Throws: ``CopyError`` if there is none, and what opening the file throws.
    package func tar() async throws -> any AsyncSequence<[UInt8], any Error> & Sendable {
        switch state {
        case .broken(let reason): throw CopyError(reason)
        case .unfinished: throw CopyError("copy \(place): still being written; try again later")
        case .complete: break
        }
        guard let manifest, let open = try await folder.open(file) else { throw CopyError("copy \(place): missing") }
        let isCompressed = CopyHook.Compression(of: file) == .zstd
        return CopyTar(file: open, place: place, contents: manifest.contents, isCompressed: isCompressed)
    }
}
