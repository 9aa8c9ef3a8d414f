import NFS
import Provisioning

extension ExportVerdict {
    /// How far the server's clock may differ from ours, in seconds.
    private static let tolerance = 5.0
    private static let earlier = "not checked: an earlier step failed"
    private static let squashRemedy =
        "export it to this address with no_root_squash: the controller sets the owners of directories, and moves and"
        + " removes files of tenants"

    var writing: [Check] {
        var ids: [Check.ID] = [.exportWritable]
        if purpose != .copies { ids += [.exportSquash, .exportChown, .exportChmod, .exportTypes, .exportRename] }
        ids += [.exportClock, .exportClean]
        guard let seen = sight.writing else {
            let reason = writes ? whyUnseen : "not checked: --read-only writes nothing"
            return ids.map { .skipped($0, of: subject, reason) }
        }
        return ids.map { check($0, seen) }
    }

    private func check(_ id: Check.ID, _ seen: WritingObservation) -> Check {
        switch id {
        case .exportWritable: writable(seen)
        case .exportSquash: squash(seen)
        case .exportChown: chown(seen)
        case .exportChmod: chmod(seen)
        case .exportTypes: types(seen)
        case .exportRename: rename(seen)
        case .exportClock: clock(seen)
        default: clean(seen)
        }
    }

    private func writable(_ seen: WritingObservation) -> Check {
        for step in [seen.making, seen.contents] {
            guard case .failed(let error) = step else { continue }
            let remedy =
                switch error.code {
                case .readOnly: "export it with rw to this address; check that the file system is not mounted read-only"
                case .permissionDenied: Self.squashRemedy
                case .noSpace: "free up space or quota on the server"
                default: "see the NFS server's log for the reason"
                }
            return .failed(
                .exportWritable,
                of: subject,
                "nothing can be written: \(error.reasonWithoutRemedy)",
                remedy: remedy
            )
        }
        return .ok(.exportWritable, of: subject, "directories can be created; files can be written, replaced and read")
    }

    private func squash(_ seen: WritingObservation) -> Check {
        switch seen.owner {
        case 0:
            return .ok(.exportSquash, of: subject, "files that root creates belong to root")
        case let owner?:
            return .failed(
                .exportSquash,
                of: subject,
                "files that root creates belong to uid \(owner): the export maps root to another user",
                remedy: Self.squashRemedy
            )
        case nil:
            guard case .failed(let error) = seen.making, error.code == .permissionDenied else {
                return .skipped(.exportSquash, of: subject, "not checked: no file could be created")
            }
            return .failed(
                .exportSquash,
                of: subject,
                "root is denied permission; the export may map root to another user",
                remedy: Self.squashRemedy
            )
        }
    }

    private func chown(_ seen: WritingObservation) -> Check {
        attempt(
            .exportChown,
            seen.chown,
            "files can be given to other users",
            otherwise: "a file cannot be given to another user",
            remedy: Self.squashRemedy
        )
    }

    /// A warning only: most servers take the mode from MKDIR.
    private func chmod(_ seen: WritingObservation) -> Check {
        switch seen.chmod {
        case .notMade: .skipped(.exportChmod, of: subject, Self.earlier)
        case .succeeded: .ok(.exportChmod, of: subject, "permissions of directories can be changed")
        case .failed(let error):
            .warning(
                .exportChmod,
                of: subject,
                "permissions of directories cannot be changed: \(error.reasonWithoutRemedy)",
                remedy: "allow it on the server (ZFS: aclmode=passthrough), or leave them as the server makes them:"
                    + " mountPermissions: \"0\" in the class"
            )
        }
    }

    private func types(_ seen: WritingObservation) -> Check {
        guard let missing = seen.missingTypes else { return .skipped(.exportTypes, of: subject, Self.earlier) }
        guard !missing.isEmpty else {
            return .ok(.exportTypes, of: subject, "links and special files can be created")
        }
        return .warning(
            .exportTypes,
            of: subject,
            "the server does not create \(missing.joined(separator: " and "))",
            remedy: "allow them on the server: a volume that has any can be archived and restored by a move, but a copy"
                + " of it cannot be restored here"
        )
    }

    var listing: Check {
        switch sight.listsNamesOnly {
        case nil: .skipped(.exportListing, of: subject, whyUnseen)
        case false?: .ok(.exportListing, of: subject, "directories are listed with the attributes of their entries")
        case true?:
            .warning(
                .exportListing,
                of: subject,
                "the server has no READDIRPLUS: each entry of a directory costs a call of its own",
                remedy: "export it with READDIRPLUS (Linux: without nordirplus); until then, long listings are slow"
            )
        }
    }

    private func rename(_ seen: WritingObservation) -> Check {
        attempt(
            .exportRename,
            seen.rename,
            "directories can be moved with their contents, as for an archive",
            otherwise: "a directory with contents cannot be moved",
            remedy: "export it with no_subtree_check; the export must be one file system"
        )
    }

    private func attempt(
        _ id: Check.ID,
        _ attempt: Attempt,
        _ sentence: String,
        otherwise trouble: String,
        remedy: String
    ) -> Check {
        switch attempt {
        case .notMade: .skipped(id, of: subject, Self.earlier)
        case .succeeded: .ok(id, of: subject, sentence)
        case .failed(let error):
            .failed(id, of: subject, "\(trouble): \(error.reasonWithoutRemedy)", remedy: remedy)
        }
    }

    private func clock(_ seen: WritingObservation) -> Check {
        guard let difference = seen.clock?.difference else {
            return .skipped(.exportClock, of: subject, "not checked: no file could be created")
        }
        guard abs(difference) > Self.tolerance else {
            return .ok(.exportClock, of: subject, "the server's clock and ours agree")
        }
        let seconds = Int(abs(difference).rounded())
        return .warning(
            .exportClock,
            of: subject,
            "the server's clock is \(seconds) s \(difference > 0 ? "ahead of" : "behind") ours",
            remedy: "set both with NTP: ages of files and archives depend on both"
        )
    }

    private func clean(_ seen: WritingObservation) -> Check {
        switch seen.removal {
        case .notMade: .ok(.exportClean, of: subject, "nothing was created")
        case .succeeded: .ok(.exportClean, of: subject, "the test files were removed")
        case .failed(let error):
            .failed(
                .exportClean,
                of: subject,
                "\(seen.folder) was left behind: \(error)",
                remedy: "remove \(seen.folder) from the export's root by hand"
            )
        }
    }
}

extension NFSError {
    /// The reason, for a check that has its own remedy.
    fileprivate var reasonWithoutRemedy: String {
        switch code {
        case .readOnly: "the export is read-only"
        case .permissionDenied: "permission denied"
        case .noSpace: "no space or quota is left"
        default: "\(self)"
        }
    }
}
