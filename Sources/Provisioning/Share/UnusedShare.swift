/// An export's root without the mark that a controller leaves on its first use: none has used it, or it is not the
/// share it should be.
package struct UnusedShare: Error, Sendable, Hashable, CustomStringConvertible {
    package let address: ShareAddress

    package var description: String {
        "\(address) has no \(ControllerFolder.name)/\(ControllerFolder.markerName): no controller has used this directory"
    }
}
