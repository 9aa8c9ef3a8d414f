/// Result of comparing a share with its records and the cluster.
package struct Finding: Sendable, Hashable, Codable {
    package enum Kind: String, Codable, Sendable, CaseIterable {
        /// A volume's directory is not there.
        case missingVolume
        /// Another directory than the volume's, or no directory at all, is in its place.
        case replacedVolume
        case missingArchive
        case replacedArchive
        /// The records of two archives name one directory.
        case sharedArchive
        /// An archive was begun, and nothing is left that finishes it.
        case unfinishedArchive
        case unreadableRecord
        /// A record in a file that is named for another.
        case misnamedRecord
        /// A directory that no record, volume or archive refers to.
        case orphan
        /// A volume that was never released has a record and a directory, but is not in the cluster.
        case abandonedVolume
        /// A record that is not needed any more: its volume or its directory is gone.
        case leftoverRecord
        /// A volume was released, and its directory left in place.
        case retainedVolume
        /// A volume of the cluster, made by another provisioner, that has no record.
        case unrecordedVolume
        /// Records of another cluster's volumes, or that name no cluster.
        case otherCluster
        /// A directory named like an archive that has no record.
        case foreignArchive
        /// Something that is being deleted, or what was left of it.
        case trash
        /// A copy that is being made or unpacked, or that a killed process left behind.
        case staging
        /// A file of a write that is under way, or was cut short.
        case temporaryFile
        /// Nothing was compared with the cluster.
        case clusterNotAsked
    }

    package enum Level: String, Codable, Sendable {
        case problem
        /// Good to know; nothing is wrong.
        case info
    }

    package var level: Level
    package var kind: Kind
    /// The volume, archive, directory or file that it is about.
    package var subject: String
    /// What is wrong and what to do, in one sentence.
    package var message: String
}
