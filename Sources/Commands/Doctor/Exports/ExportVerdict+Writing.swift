import NFS
import Provisioning

extension ExportVerdict {
    /// How far the server's clock may differ from ours, in seconds.
    private static let tolerance = 5.0
    private static let squashRemedy =
        "export it to this address with no_root_squash: the controller gives directories their owners, and moves and"
        + " removes what tenants own"

    var writing: [Check] {
        var ids: [Check.ID] = [.exportWritable]
        if purpose != .copies { ids += [.exportSquash, .exportChown, .exportRename] }
        ids += [.exportClock, .exportClean]
        guard let seen = sight.writing else {
            let reason = writes ? whyUnseen : "not tried, because nothing is to be written"
            return ids.map { .skipped($0, of: subject, reason) }
        }
        return ids.map { check($0, seen) }
    }

    private func check(_ id: Check.ID, _ seen: WritingObservation) -> Check {
        switch id {
        case .exportWritable: writable(seen)
        case .exportSquash: squash(seen)
        case .exportChown: chown(seen)
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
                case .readOnly: "export it with rw to this address; is the file system itself mounted read-only there?"
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
        return .ok(.exportWritable, of: subject, "directories are made, files written, replaced and read back")
    }

    private func squash(_ seen: WritingObservation) -> Check {
        switch seen.owner {
        case 0:
            return .ok(.exportSquash, of: subject, "what root makes belongs to root")
        case let owner?:
            return .failed(
                .exportSquash,
                of: subject,
                "what root makes belongs to uid \(owner): the export maps root to another user",
                remedy: Self.squashRemedy
            )
        case nil:
            guard case .failed(let error) = seen.making, error.code == .permissionDenied else {
                return .skipped(.exportSquash, of: subject, "not known, because no file could be made")
            }
            return .failed(
                .exportSquash,
                of: subject,
                "root is denied what root may do anywhere, as by an export that maps root to another user",
                remedy: Self.squashRemedy
            )
        }
    }

    private func chown(_ seen: WritingObservation) -> Check {
        attempt(
            .exportChown,
            seen.chown,
            "files are given to other users",
            otherwise: "a file cannot be given to another user",
            remedy: Self.squashRemedy
        )
    }

    private func rename(_ seen: WritingObservation) -> Check {
        attempt(
            .exportRename,
            seen.rename,
            "directories are moved with what is in them, as for an archive",
            otherwise: "a directory with something in it cannot be moved",
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
        case .notMade: .skipped(id, of: subject, "not tried, because something before it failed")
        case .succeeded: .ok(id, of: subject, sentence)
        case .failed(let error):
            .failed(id, of: subject, "\(trouble): \(error.reasonWithoutRemedy)", remedy: remedy)
        }
    }

    private func clock(_ seen: WritingObservation) -> Check {
        guard let difference = seen.clock?.difference else {
            return .skipped(.exportClock, of: subject, "not known, because no file could be made")
        }
        guard abs(difference) > Self.tolerance else {
            return .ok(.exportClock, of: subject, "the server's clock and ours agree")
        }
        let seconds = Int(abs(difference).rounded())
        return .warning(
            .exportClock,
            of: subject,
            "the server's clock is \(seconds) s \(difference > 0 ? "ahead of" : "behind") ours",
            remedy: "let NTP set both: ages of files and archives are told by either"
        )
    }

    private func clean(_ seen: WritingObservation) -> Check {
        switch seen.removal {
        case .notMade: .ok(.exportClean, of: subject, "nothing was made")
        case .succeeded: .ok(.exportClean, of: subject, "what was made to try this is gone again")
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
