/// What ``Export/removeTree(_:in:callsAtOnce:onProgress:)`` removed.
package struct RemovedTree: Hashable, Sendable {
    package var directories = 0
    /// Everything else: files, symbolic links, devices, sockets, FIFOs.
    package var files = 0
}
