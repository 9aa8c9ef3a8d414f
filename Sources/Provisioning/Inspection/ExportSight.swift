import NFS

/// What one look at an export showed, layer by layer; nil where a layer below it failed.
package struct ExportSight: Sendable {
    package let share: ShareAddress
    package let server: ServerSight
    package var mount: Result<Node, NFSError>?
    /// What the share says it is (S7: no other share is used); nil in it: no controller has used it.
    package var marker: Result<String?, ShareError>?
    package var room: Result<FileSystemStatistics, NFSError>?
    /// nil also where nothing was to be written.
    package var writing: WritingSight?

    package init(share: ShareAddress, server: ServerSight) {
        self.share = share
        self.server = server
    }
}
