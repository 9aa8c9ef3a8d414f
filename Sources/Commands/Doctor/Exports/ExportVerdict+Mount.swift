import NFS
import Provisioning

extension ExportVerdict {
    private var path: String { sight.share.export.path }

    /// Our end of the connections to the server, as it sees them without address translation.
    private var ourEnd: LocalAddress? { (sight.server.mount + sight.server.nfs).lazy.compactMap(\.source).first }

    var mount: Check {
        switch sight.mount {
        case nil: .skipped(.exportMount, of: subject, "not checked: NFSv3 does not answer")
        case .success: .ok(.exportMount, of: subject, "\(path) is exported to us")
        case .failure(let error): refusal(error)
        }
    }

    private func refusal(_ error: NFSError) -> Check {
        let listed = sight.server.exports ?? []
        let list = listed.map(\.path).joined(separator: ", ")
        let covering = listed.first { $0.covers(path) }
        if error.isRefusal || error.isMissingPath, !listed.isEmpty, covering == nil {
            return .failed(
                .exportMount,
                of: subject,
                "the server does not export \(path): it exports \(list)",
                remedy: "export it there, or correct the path: NFS_PATH, or share of the class"
            )
        }
        if error.isMissingPath {
            let sentence = "the server has no directory \(path)"
            return .failed(.exportMount, of: subject, sentence, remedy: "create it there, or correct the path")
        }
        guard error.isRefusal else {
            return .failed(.exportMount, of: subject, "\(error)", remedy: "see the NFS server's log for the reason")
        }
        let clients = covering.map { $0.clients.isEmpty ? "everyone" : $0.clients.joined(separator: ", ") }
        let exported = clients.map { ", which it exports to \($0)" } ?? ""
        let from = ourEnd.map { "us (\($0.host) port \($0.port))" } ?? "us"
        return .failed(
            .exportMount,
            of: subject,
            "the server does not let \(from) mount \(path)\(exported)",
            remedy: "on a Linux server, in /etc/exports: \(exportsLine), then exportfs -ra; the server may see the"
                + " node's address instead of the pod's"
        )
    }

    private var exportsLine: String {
        let insecure = ourEnd?.isPrivileged == false ? ",insecure" : ""
        return "\(path) \(ourEnd?.host ?? "ADDRESS")(rw,no_root_squash,no_subtree_check\(insecure))"
    }

    var source: Check {
        guard let ourEnd else {
            return .skipped(.exportSource, of: subject, "not checked: there was no connection")
        }
        let sentence = "connections come from \(ourEnd.host) port \(ourEnd.port)"
        if ourEnd.isPrivileged { return .ok(.exportSource, of: subject, sentence) }
        let remedy =
            "let the pod use low ports (the sysctl net.ipv4.ip_unprivileged_port_start=0, or NET_BIND_SERVICE), or"
            + " export with the option insecure"
        switch sight.mount {
        case .success: return .ok(.exportSource, of: subject, "\(sentence), and the server accepts ports above 1023")
        case .failure(let error) where error.isRefusal:
            return .failed(
                .exportSource,
                of: subject,
                "\(sentence), above 1023, which may be why the server refuses",
                remedy: remedy
            )
        case .failure, nil:
            return .warning(
                .exportSource,
                of: subject,
                "\(sentence), above 1023, which many servers refuse",
                remedy: remedy
            )
        }
    }

    /// The check of the share's identity; nil for an export for copies, which needs none.
    var identity: Check? {
        guard case .volumes(let remembered) = purpose else { return nil }
        switch sight.marker {
        case nil:
            return .skipped(.exportIdentity, of: subject, whyUnseen)
        case .failure(let error):
            return .failed(
                .exportIdentity,
                of: subject,
                "the identity of the share cannot be read: \(error)",
                remedy: "let the controller read .sb-nfs-provisioner/export.json, or restore it from a backup"
            )
        case .success(let id):
            return identity(id, remembered)
        }
    }

    private func identity(_ id: String?, _ remembered: Set<String>?) -> Check {
        guard let remembered else {
            let reason = "not checked: the cluster's volumes could not be read"
            return .skipped(.exportIdentity, of: subject, reason)
        }
        switch id {
        case let id? where remembered.contains(id):
            return .ok(.exportIdentity, of: subject, "it is the share \(id), as the cluster's volumes record")
        case let id? where remembered.isEmpty:
            let sentence = "it is the share \(id), on which this cluster has no volume yet"
            return .ok(.exportIdentity, of: subject, sentence)
        case nil where remembered.isEmpty:
            return .ok(.exportIdentity, of: subject, "no controller has used it; its first volume marks it")
        default:
            return .failed(
                .exportIdentity,
                of: subject,
                "it is not the share of the cluster's volumes: they record"
                    + " \(remembered.sorted().joined(separator: ", ")), but it is \(id ?? "unmarked")",
                remedy:
                    "export the directory that has them (check that the server's disks are mounted), or write that"
                    + " identity to .sb-nfs-provisioner/export.json if the data was moved here"
            )
        }
    }
}

extension NFSError {
    /// Whether the server refuses to let us mount the path, rather than not having it.
    var isRefusal: Bool { code == .rejected || code == .mountRefused && [nil, 1, 13].contains(nfsStatus) }

    fileprivate var isMissingPath: Bool { code == .mountRefused && nfsStatus == 2 }
}
