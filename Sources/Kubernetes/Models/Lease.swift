/// The lock of a leader election (`coordination.k8s.io/v1`).
package struct Lease: KubernetesObject {
    package static let resource = Resource(
        group: "coordination.k8s.io",
        plural: "leases",
        kind: "Lease",
        namespaced: true
    )

    package var apiVersion: String?
    package var kind: String?
    package var metadata: ObjectMeta
    package var spec: Spec?

    package init(metadata: ObjectMeta, spec: Spec? = nil) {
        self.apiVersion = Self.resource.apiVersion
        self.kind = Self.resource.kind
        self.metadata = metadata
        self.spec = spec
    }

    /// The holder of the lease, and since when.
    package struct Spec: Codable, Hashable, Sendable {
        /// Empty once the holder has released the lease.
        package var holderIdentity: String?
        package var leaseDurationSeconds: Int?
        package var acquireTime: MicroTime?
        package var renewTime: MicroTime?
        /// How often the lease changed hands.
        package var leaseTransitions: Int?

        package init(
            holderIdentity: String? = nil,
            leaseDurationSeconds: Int? = nil,
            acquireTime: MicroTime? = nil,
            renewTime: MicroTime? = nil,
            leaseTransitions: Int? = nil
        ) {
            self.holderIdentity = holderIdentity
            self.leaseDurationSeconds = leaseDurationSeconds
            self.acquireTime = acquireTime
            self.renewTime = renewTime
            self.leaseTransitions = leaseTransitions
        }
    }
}
