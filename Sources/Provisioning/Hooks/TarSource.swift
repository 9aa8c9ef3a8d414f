import NFS

/// Makes a tar stream of the tree an event is about, in pieces of some 64 KiB; called for each attempt. Its argument hears
/// how much was streamed so far, and in the end all of it.
///
/// The stream must heed cancellation. If it throws, the program that reads it is stopped: it would take a cut stream for
/// a whole one.
package typealias TarSource =
    @Sendable (
        _ onProgress: @escaping @Sendable (TarredTree) -> Void
    ) async throws -> any AsyncSequence<[UInt8], any Error> & Sendable
