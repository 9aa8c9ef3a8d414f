/// One thing that a comparison of a share with its records and the cluster found.
package struct Finding: Sendable, Hashable, Codable {
    package enum Kind: String, Codable, Sendable, CaseIterable {
        /// A volume's directory is not there.
        case missingVolume
        /// Another directory than the volume's, or no directory at all, is in its place.
        case replacedVolume
        case missingArchive
        case replacedArchive
        /// Two archives' records speak of one directory.
        case sharedArchive
        /// Begun, and nobody is left to end it.
        case unfinishedArchive
        case unreadableRecord
        /// A record in the file of another.
        case misnamedRecord
        /// A directory that no record, volume or archive speaks of.
        case orphan
        /// A volume's record and directory, but no volume in the cluster, which was never released.
        case abandonedVolume
        /// A record that a controller which was killed did not take away.
        case leftoverRecord
        /// Released, and its directory left alone.
        case retainedVolume
        /// A volume of the cluster, made by another provisioner, that has no record.
        case unrecordedVolume
        /// Records of another cluster's volumes, or which do not say of which.
        case otherCluster
        /// A directory named like an archive that has no record.
        case foreignArchive
        /// Something being deleted, or what was left of it.
        case trash
        /// A copy of an archive that is being made, or that a controller which was killed left behind.
        case staging
        /// A file of a write that was cut short.
        case temporaryFile
        /// Nothing was compared with the cluster.
        case clusterNotAsked
    }

    package enum Level: String, Codable, Sendable {
        case problem
        /// Good to know, and nothing wrong.
        case info
    }

    package var level: Level
    package var kind: Kind
    /// The volume, archive, directory or file that it is about.
    package var subject: String
    /// What is wrong and what to do, in one sentence.
    package var message: String
}
