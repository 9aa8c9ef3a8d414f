import NFS

/// An export together with the way to talk to it: what one ``ShareConnection`` is made for.
package struct ShareAddress: Sendable, Hashable, CustomStringConvertible {
    package let export: ExportPath
    package let options: ConnectionOptions

    package init(export: ExportPath, options: ConnectionOptions) {
        self.export = export
        self.options = options
    }

    package var description: String { export.description }
}
