import NFS
import Presentation
import Provisioning

/// Turns the observation of one export into checks.
struct ExportVerdict {
    /// What the export is used for.
    enum Purpose: Hashable {
        /// - Parameter remembered: The identities that the cluster's volumes remember of it; nil if unknown.
        case volumes(remembered: Set<String>?)
        /// Hooks put copies there, which may belong to any user.
        case copies
    }

    let sight: ExportObservation
    let purpose: Purpose
    /// Whether the doctor may write to the export.
    let writes: Bool

    var subject: String { sight.share.description }

    /// The checks, from the server's name up.
    var checks: [Check] {
        let server = [name, port, version, mountService, mount, source]
        let share: [Check?] = [identity, space, inodes, listing]
        return server + share.compactMap { $0 } + writing
    }

    /// Why a check that needs a mount was skipped.
    var whyUnseen: String {
        guard case .success = sight.mount else { return "not checked: the export is not mounted" }
        return "not checked: the server stopped answering"
    }
}

extension ExportVerdict {
    /// How much of the whole must be free, in percent; below that a check warns.
    private static let (scarceBytes, scarceFiles): (Double, Double) = (10, 5)

    var space: Check {
        room(.exportSpace, scarce: Self.scarceBytes, "free up space, or enlarge the file system") { room in
            (room.availableBytes, room.totalBytes, "\(ByteCount(room.availableBytes)) of \(ByteCount(room.totalBytes))")
        }
    }

    var inodes: Check {
        let remedy = "remove files, or give the file system more inodes: each file and directory takes one"
        return room(.exportFiles, scarce: Self.scarceFiles, remedy) { room in
            (room.availableFiles, room.totalFiles, "\(room.availableFiles) of \(room.totalFiles) inodes")
        }
    }

    private func room(
        _ id: Check.ID,
        scarce: Double,
        _ remedy: String,
        _ read: (FileSystemStatistics) -> (available: UInt64, total: UInt64, text: String)
    ) -> Check {
        switch sight.room {
        case nil:
            return .skipped(id, of: subject, whyUnseen)
        case .failure(let error):
            return .failed(id, of: subject, "\(error)", remedy: "see the NFS server's log for the reason")
        case .success(let room):
            let (available, total, text) = read(room)
            // File systems that create inodes on demand report a total of 0.
            guard total > 0 else { return .skipped(id, of: subject, "the server does not report a total") }
            let percent = 100 * Double(available) / Double(total)
            let sentence = "\(text) free (\(Int(percent)) %)"
            if available == 0 { return .failed(id, of: subject, sentence, remedy: remedy) }
            return percent < scarce
                ? .warning(id, of: subject, sentence, remedy: remedy) : .ok(id, of: subject, sentence)
        }
    }
}

extension ExportVerdict {
    private static let slowName = Duration.seconds(1)

    private var server: ServerObservation { sight.server }
    private var host: String { sight.share.export.server }

    var name: Check {
        switch server.addresses {
        case .failure(let error):
            return .failed(
                .exportName,
                of: subject,
                "\(host): \(error.detail ?? "\(error)")",
                remedy: "correct the name, or the DNS of the controller's pod; the nodes need it too, for their mounts"
            )
        case .success([host]):
            return .ok(.exportName, of: subject, "\(host) is an address")
        case .success(let addresses):
            let sentence =
                "\(host) is \(addresses.joined(separator: ", ")), resolved in \(server.resolving.milliseconds) ms"
            guard server.resolving > Self.slowName else { return .ok(.exportName, of: subject, sentence) }
            return .warning(.exportName, of: subject, sentence, remedy: "find out why the cluster's DNS is slow")
        }
    }

    var port: Check { service(.exportPort, "NFS", server.nfs, option: "port") }

    var version: Check {
        let answers = server.nfs.map(\.answer)
        if answers.contains(.speaks) { return .ok(.exportProtocol, of: subject, "the server speaks NFSv3") }
        guard answers.contains(where: \.isThere) else {
            return .skipped(.exportProtocol, of: subject, "not checked: NFS does not answer")
        }
        let other = answers.contains(.speaksOther(version4: true)) ? "NFSv4 only" : "another version of NFS"
        return .failed(
            .exportProtocol,
            of: subject,
            "the server speaks \(other), and the controller speaks NFSv3",
            remedy: "enable NFSv3 on the server (Linux: vers3=y in /etc/nfs.conf, rpcbind and rpc.mountd running);"
                + " nodes may still mount volumes with another version"
        )
    }

    var mountService: Check {
        guard server.nfs.isEmpty || server.nfs.contains(where: { $0.answer == .speaks }) else {
            return .skipped(.exportMountService, of: subject, "not checked: NFSv3 does not answer")
        }
        return service(.exportMountService, "the mount service", server.mount, option: "mountport")
    }

    /// Checks a service. It is ok if it answers at all of the server's addresses, and works if it answers at one.
    private func service(_ id: Check.ID, _ name: String, _ sights: [ServiceObservation], option: String) -> Check {
        guard !sights.isEmpty else {
            return .skipped(id, of: subject, "not checked: the server's name has no address")
        }
        let (there, missing) = (sights.filter(\.answer.isThere), sights.filter { !$0.answer.isThere })
        let found = "\(name) answers at " + there.map(\.place).joined(separator: ", ")
        guard let first = missing.first else { return .ok(id, of: subject, found) }
        let remedy = first.answer.remedy(name, option: option)
        let sentence = missing.map { $0.trouble(name) }.joined(separator: "; ")
        return there.isEmpty
            ? .failed(id, of: subject, sentence, remedy: remedy)
            : .warning(id, of: subject, "\(found), but \(sentence)", remedy: remedy)
    }
}

extension ServiceObservation {
    fileprivate var place: String { "\(address) port \(port.map { "\($0)" } ?? "unknown")" }

    fileprivate func trouble(_ name: String) -> String {
        switch answer {
        case .speaks, .speaksOther: "\(name) answers at \(place)"
        case .refuses(let reason): "\(name) at \(place) rejects us: \(reason)"
        case .silent: "\(name) at \(place) accepts connections but does not answer"
        // Some reasons name the place themselves.
        case .unreachable(let reason):
            "\(name) cannot be reached: \(reason.contains(address) ? "" : "\(place): ")\(reason)"
        case .unmapped(let reason): "the port of \(name) at \(address) is unknown: \(reason)"
        }
    }
}

extension ServiceObservation.Answer {
    var isThere: Bool {
        switch self {
        case .speaks, .speaksOther: true
        case .refuses, .silent, .unreachable, .unmapped: false
        }
    }

    fileprivate func remedy(_ name: String, option: String) -> String {
        switch self {
        case .refuses: "let the server accept requests with sec=sys from our address"
        case .silent: "the server hangs: check its log and disks, and restart it"
        case .unmapped:
            "start rpcbind and \(name) on the server and allow port 111, or set the port with the mount option"
                + " \(option)=…"
        case .speaks, .speaksOther, .unreachable:
            "start \(name) there, allow it in firewalls and NetworkPolicies, or correct the mount option \(option)=…"
        }
    }
}

extension Duration {
    fileprivate var milliseconds: Int64 { Int64(self / .milliseconds(1)) }
}
