import Provisioning

/// Why an archive that was due for purging is kept after all. Nothing failed.
package struct NoLongerExpired: Error, CustomStringConvertible {
    let archive: String
    let share: ShareAddress
    package let why: String

    package var description: String { "archive \(archive) on \(share): kept, because \(why)" }
}
