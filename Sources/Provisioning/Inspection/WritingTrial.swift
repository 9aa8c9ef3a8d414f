import NFS

import struct Foundation.Date

/// Does once, in a folder of its own, what the controller does on an export.
struct WritingTrial {
    /// Any that is neither root nor what root is mapped to.
    private static let somebody: UInt32 = 65_533

    let export: Export
    /// Where the folder is made.
    let parent: FileHandle
    let name: NFSName
    /// The folder's, for people.
    let place: String

    func run() async -> WritingObservation {
        var sight = WritingObservation(folder: place)
        do throws(NFSError) {
            let folder = try await export.makeDirectory(name, in: parent, mode: 0o700).handle
            sight.making = .succeeded
            await use(folder, &sight)
        } catch {
            sight.making = .failed(error)
            // It may be there all the same if no answer came.
            guard error.outcomeUnknown else { return sight }
        }
        // A cancelled task sends no change; this one is still owed.
        sight.removal = await Task {
            await attempt { () throws(NFSError) in
                _ = try await export.removeTreeIfPresent(name, in: parent)
            }
        }.value
        return sight
    }

    /// Stops where the server does.
    private func use(_ folder: FileHandle, _ sight: inout WritingObservation) async {
        sight.contents = await attempt { () throws(NFSError) in try await replaceFile(in: folder) }
        guard !sight.contents.isSilence else { return }
        await makeFile(in: folder, &sight)
        guard !sight.chown.isSilence else { return }
        sight.rename = await attempt { () throws(NFSError) in try await renameTree(in: folder) }
    }

    private func attempt(_ body: () async throws(NFSError) -> Void) async -> Attempt {
        do throws(NFSError) {
            try await body()
            return .succeeded
        } catch {
            return .failed(error)
        }
    }

    /// As records are written.
    private func replaceFile(in folder: FileHandle) async throws(NFSError) {
        let record: NFSName = "record"
        try await export.writeFileAtomically(record, in: folder, bytes: Array("first".utf8))
        let second = Array("second".utf8)
        try await export.writeFileAtomically(record, in: folder, bytes: second)
        guard try await export.readFile(record, in: folder, limit: 1 << 10) == second else {
            throw error(.unsupported, "read", record, "the server gives other bytes than were written")
        }
    }

    private func makeFile(in folder: FileHandle, _ sight: inout WritingObservation) async {
        do throws(NFSError) {
            let before = Date().timeIntervalSince1970
            let file = try await export.createFile("file", in: folder, mode: 0o600)
            let after = Date().timeIntervalSince1970
            let time = file.attributes.mtime
            let server = Double(time.seconds) + Double(time.nanoseconds) / 1e9
            sight.clock = ClockObservation(before: before, server: server, after: after)
            sight.owner = file.attributes.uid
            sight.chown = await attempt { () throws(NFSError) in try await giveAway(file.handle) }
        } catch {
            // What was to be learnt of the file stays unknown; why none can be made is what ``replaceFile(in:)`` met.
        }
    }

    private func giveAway(_ file: FileHandle) async throws(NFSError) {
        try await export.setAttributes(of: file, uid: Self.somebody, gid: Self.somebody)
        guard try await export.attributes(of: file).uid == Self.somebody else {
            throw error(.unsupported, "chown", "file", "the server says yes and leaves the owner as it was")
        }
    }

    /// As a volume with its data is archived.
    private func renameTree(in folder: FileHandle) async throws(NFSError) {
        let (volume, archives, archive): (NFSName, NFSName, NFSName) = ("volume", "archives", "archived-volume")
        let made = try await export.makeDirectory(volume, in: folder, mode: 0o777)
        _ = try await export.createFile("data", in: made.handle, mode: 0o600)
        let place = try await export.makeDirectory(archives, in: folder, mode: 0o700).handle
        try await export.rename(volume, in: folder, to: archive, in: place)
        let found = try await export.lookup(archive, in: place)
        guard found.attributes.fileid == made.attributes.fileid else {
            throw error(.unsupported, "rename", volume, "the directory has another identity afterwards")
        }
        _ = try await export.lookup("data", in: found.handle)
    }

    private func error(_ code: NFSError.Code, _ operation: String, _ name: NFSName, _ detail: String) -> NFSError {
        NFSError(code, operation: operation, subject: "\(name)", address: export.address, detail: detail)
    }
}

extension Attempt {
    fileprivate var isSilence: Bool { if case .failed(let error) = self { error.isSilence } else { false } }
}

/// What came of one thing that was tried on an export.
package enum Attempt: Hashable, Sendable {
    /// Something before it failed, so there was nothing to try it on.
    case notMade
    case succeeded
    case failed(NFSError)
}

/// What came of everything that the controller does on an export, done once in a folder that is gone again.
package struct WritingObservation: Hashable, Sendable {
    /// The folder, for people: `.sb-nfs-provisioner/.doctor-1f`.
    package let folder: String
    /// Making it.
    package var making = Attempt.notMade
    /// Who owns a file that was made as root; nil if none was made.
    package var owner: UInt32?
    /// nil if no file was made.
    package var clock: ClockObservation?
    /// Giving a file to another user.
    package var chown = Attempt.notMade
    /// Writing a file, replacing it, and reading back what it holds.
    package var contents = Attempt.notMade
    /// Renaming a directory that holds something into another one.
    package var rename = Attempt.notMade
    /// Removing the folder and all in it.
    package var removal = Attempt.notMade

    package init(folder: String) {
        self.folder = folder
    }
}
