import NFS

/// An operation on an open share.
protocol ShareOperation {
    var share: OpenShare { get }
}

extension ShareOperation {
    var export: Export { share.export }
    var folder: ControllerFolder { share.folder }
    var records: RecordStore { share.records }
    var audit: AuditTrail { share.audit }
    var address: ShareAddress { share.address }

    func isThat(_ directory: DirectoryIdentity?, _ node: Node?) -> Bool {
        share.isThat(directory, node)
    }

    func identity(of node: Node) -> DirectoryIdentity { share.identity(of: node) }
}
