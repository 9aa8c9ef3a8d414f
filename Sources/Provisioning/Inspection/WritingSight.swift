import NFS

/// What came of everything that the controller does on an export, done once in a folder that is gone again.
package struct WritingSight: Hashable, Sendable {
    /// The folder, for people: `.sb-nfs-provisioner/.doctor-1f`.
    package let folder: String
    /// Making it.
    package var making = Attempt.notMade
    /// Who owns a file that was made as root; nil if none was made.
    package var owner: UInt32?
    /// nil if no file was made.
    package var clock: ClockSight?
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
