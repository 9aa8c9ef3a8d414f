import Kubernetes

extension VolumeReconciler {
    /// Asks the API server whether a volume must still be reclaimed as planned: hooks may have taken an hour.
    ///
    /// - R3: nothing is destroyed on a cache's word.
    /// - R8: a directory that others use stays.
    ///
    /// - Throws: ``ShareError`` if anything changed that the plan rests on.
    func confirm(_ plan: ReclaimPlan, exportID: String) async throws {
        guard let volume = try await readAgain(plan.volume) else {
            throw plan.changed("it is gone, or has another claim")
        }
        guard case .reclaim(let now) = verdict(on: volume) else {
            throw plan.changed("it no longer needs to be reclaimed")
        }
        if let difference = plan.difference(from: now) { throw plan.changed(difference) }
        let otherVolumes = try await currentOtherVolumes(of: plan, exportID: exportID)
        guard otherVolumes.isEmpty else {
            throw plan.changed("volume \(otherVolumes.joined(separator: ", ")) is on its directory or below it")
        }
    }

    /// Volumes on a volume's directory or below it, as the API server has them now. Those that leave the directory to
    /// this one do not count.
    private func currentOtherVolumes(of plan: ReclaimPlan, exportID: String) async throws -> [String] {
        let paths = VolumePaths()
        var token: String?
        repeat {
            let page = try await volumes.page(continueToken: token)
            page.items.forEach(paths.insert)
            if let unreadable = page.undecodable.first {
                let name = unreadable.key?.name ?? "of unknown name"
                throw ShareError(
                    "volume \(plan.volumeName): volume \(name) cannot be read (\(unreadable.reason)) and may be on its"
                        + " directory; will retry"
                )
            }
            token = page.continueToken
        } while !(token ?? "").isEmpty
        return paths.otherVolumes(of: plan.volume, exportID: exportID).filter { !cluster.paths.isYielding($0) }
    }
}

extension ReclaimPlan {
    fileprivate func changed(_ cause: String) -> ShareError {
        ShareError("volume \(volumeName) changed before its directory was moved: \(cause); will retry")
    }

    /// How a later plan for the same volume differs, for the error message; nil if nothing that counts does.
    fileprivate func difference(from now: ReclaimPlan) -> String? {
        func keys(_ plan: ReclaimPlan) -> [String?] {
            [AnnotationKey.exportID, AnnotationKey.fileID, AnnotationKey.adopted].map {
                plan.volume.metadata.annotations?[$0]
            }
        }
        if path != now.path || share != now.share { return "its share or path changed" }
        if keys(self) != keys(now) { return "its annotations name another directory" }
        if action != now.action { return "its class is gone or has another onDelete" }
        if backup(nil) != now.backup(nil) { return "its backup requirement changed" }
        let wasDeleted = volume.metadata.deletionTimestamp != nil
        if wasDeleted != (now.volume.metadata.deletionTimestamp != nil) { return "it was deleted" }
        return nil
    }
}
