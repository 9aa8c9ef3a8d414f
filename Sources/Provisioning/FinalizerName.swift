/// Finalizers that this controller sets and takes off.
package enum FinalizerName {
    /// KEP-2644: keeps the volume object until its storage has been dealt with.
    package static let provisioner = "external-provisioner.volume.kubernetes.io/finalizer"
}
