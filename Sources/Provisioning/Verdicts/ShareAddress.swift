import NFS

/// An export with its connection options: the address of one ``ShareConnection``.
package struct ShareAddress: Sendable, Hashable, CustomStringConvertible {
    package let export: ExportPath
    package let options: ConnectionOptions

    package init(export: ExportPath, options: ConnectionOptions) {
        self.export = export
        self.options = options
    }

    package var description: String { export.description }
}
