import NFS

extension Share {
    /// Whether a controller has used the export before. Asking leaves no mark on it.
    package func hasBeenUsed() async throws -> Bool {
        try await ControllerFolder.marker(in: export.remount(), on: export) != nil
    }
}
