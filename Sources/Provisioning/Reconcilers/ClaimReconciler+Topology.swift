import Kubernetes

extension ClaimReconciler {
    /// Checks that the node which the scheduler chose can reach the export (C8: topologies are honoured). If it cannot, the
    /// choice is taken off the claim, so that the scheduler makes another.
    ///
    /// - Throws: ``ShareError`` saying so.
    func requireReachable(_ plan: ProvisioningPlan) async throws {
        guard let topology = plan.topology, let name = plan.selectedNode else { return }
        let node: ClusterNode?
        do throws(KubernetesError) {
            node = try await nodes.get(ObjectKey(name: name))
        } catch {
            guard error.code == .notFound else { throw error }
            node = nil
        }
        guard !topology.admits(node?.metadata.labels ?? [:]) else { return }
        _ = try await claims.patch(
            plan.claimKey,
            .merge(
                ["metadata": ["annotations": [AnnotationKey.selectedNode: .null]]],
                uid: plan.claim.uid
            )
        )
        throw ShareError(
            "\(plan.share) cannot be reached from node \(name), which the scheduler chose: it is reached from nodes with"
                + " \(topology); give the class allowedTopologies, and the scheduler knows"
        )
    }
}
