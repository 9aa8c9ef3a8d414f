import NFS

import struct Foundation.Date

/// Performs once, in a folder of its own, each operation that the controller performs on an export.
struct WritingTrial {
    /// A user that is neither root nor the one that root is mapped to.
    private static let unprivilegedID: UInt32 = 65_533

    let export: Export
    /// The directory that the folder is made in.
    let parent: FileHandle
    let name: NFSName
    /// The folder's path, for display.
    let place: String

    func run() async -> WritingObservation {
        var sight = WritingObservation(folder: place)
        do throws(NFSError) {
            let folder = try await export.makeDirectory(name, in: parent, mode: 0o700).handle
            sight.making = .succeeded
            await use(folder, &sight)
        } catch {
            sight.making = .failed(error)
            // If no answer came, the folder may exist all the same.
            guard error.outcomeUnknown else { return sight }
        }
        // A cancelled task sends no changes, but the folder must still be removed.
        sight.removal = await Task {
            await attempt { () throws(NFSError) in
                _ = try await export.removeTreeIfPresent(name, in: parent)
            }
        }.value
        return sight
    }

    /// Stops if the server does not answer while the record is written or the owner is changed.
    private func use(_ folder: FileHandle, _ sight: inout WritingObservation) async {
        sight.contents = await attempt { () throws(NFSError) in try await replaceFile(in: folder) }
        guard !sight.contents.isSilence else { return }
        await makeFile(in: folder, &sight)
        guard !sight.chown.isSilence else { return }
        sight.chmod = await attempt { () throws(NFSError) in try await changeMode(of: folder) }
        guard !sight.chmod.isSilence else { return }
        sight.missingTypes = await missingTypes(in: folder)
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

    /// Writes a file as records are written.
    private func replaceFile(in folder: FileHandle) async throws(NFSError) {
        let record: NFSName = "record"
        try await export.writeFileAtomically(record, in: folder, bytes: Array("first".utf8))
        let second = Array("second".utf8)
        try await export.writeFileAtomically(record, in: folder, bytes: second)
        guard try await export.readFile(record, in: folder, limit: 1 << 10) == second else {
            throw error(.unsupported, "read", record, "the server returned other bytes than were written")
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
            // The facts about the file stay unknown; ``replaceFile(in:)`` reports why no file can be made.
        }
    }

    private func giveAway(_ file: FileHandle) async throws(NFSError) {
        try await export.setAttributes(of: file, uid: Self.unprivilegedID, gid: Self.unprivilegedID)
        guard try await export.attributes(of: file).uid == Self.unprivilegedID else {
            throw error(.unsupported, "chown", "file", "the server reports success but does not change the owner")
        }
    }

    private func changeMode(of folder: FileHandle) async throws(NFSError) {
        let directory: NFSName = "mode"
        let made = try await export.makeDirectory(directory, in: folder, mode: 0o700)
        try await export.setAttributes(of: made.handle, mode: 0o2770)
        guard try await export.attributes(of: made.handle).mode == 0o2770 else {
            throw error(.unsupported, "chmod", directory, "the server reports success but does not change the mode")
        }
    }

    /// The types of entries that cannot be made; nil if the server stopped answering.
    private func missingTypes(in folder: FileHandle) async -> [String]? {
        let tries: [(String, () async throws(NFSError) -> Void)] = [
            (
                "symbolic links",
                { () throws(NFSError) in try await export.makeSymbolicLink("link", in: folder, to: "x") }
            ),
            (
                "hard links",
                { () throws(NFSError) in
                    let file = try await export.createFile("linked", in: folder, mode: 0o600)
                    try await export.link(file.handle, as: "linked-too", in: folder)
                }
            ),
            ("special files", { () throws(NFSError) in try await export.makeFIFO("fifo", in: folder) }),
        ]
        var missing: [String] = []
        for (type, make) in tries {
            guard case .failed(let error) = await attempt(make) else { continue }
            if error.isSilence { return nil }
            missing.append(type)
        }
        return missing
    }

    /// Renames a directory with data, as archiving a volume does.
    private func renameTree(in folder: FileHandle) async throws(NFSError) {
        let (volume, archives, archive): (NFSName, NFSName, NFSName) = ("volume", "archives", "archived-volume")
        let made = try await export.makeDirectory(volume, in: folder, mode: 0o777)
        _ = try await export.createFile("data", in: made.handle, mode: 0o600)
        let place = try await export.makeDirectory(archives, in: folder, mode: 0o700).handle
        try await export.rename(volume, in: folder, to: archive, in: place)
        let found = try await export.lookup(archive, in: place)
        guard found.attributes.fileid == made.attributes.fileid else {
            throw error(.unsupported, "rename", volume, "the directory has another file id after the rename")
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

/// Outcome of one operation tried on an export.
package enum Attempt: Hashable, Sendable {
    /// Not tried, because an operation that it depends on failed.
    case notMade
    case succeeded
    case failed(NFSError)
}

/// Outcomes of the controller's operations on an export, each tried once in a temporary folder.
package struct WritingObservation: Hashable, Sendable {
    /// The folder's path, for display: `.sb-nfs-provisioner/.doctor-1f`.
    package let folder: String
    /// Making the folder.
    package var making = Attempt.notMade
    /// The owner of a file that was made as root; nil if none was made.
    package var owner: UInt32?
    /// The comparison of the server's clock with ours; nil if no file was made.
    package var clock: ClockObservation?
    /// Giving a file to another user.
    package var chown = Attempt.notMade
    /// Changing the permission bits of a directory.
    package var chmod = Attempt.notMade
    /// Types of entries that the server does not let anybody make: copies of volumes may hold them. nil: not tried.
    package var missingTypes: [String]?
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
