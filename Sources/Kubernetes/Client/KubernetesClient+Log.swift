import NIOCore

extension KubernetesClient {
    /// Reads the end of what a container wrote.
    ///
    /// - Parameters:
    ///   - pod: The pod.
    ///   - container: Its container.
    ///   - tailLines: The most lines.
    ///   - limitBytes: The most bytes; the server cuts at the end of what it would send.
    /// - Returns: The bytes as they were written.
    /// - Throws: ``KubernetesError/Code/notFound``, or what the server says when the pod's node cannot be asked.
    package func log(
        of pod: ObjectKey,
        container: String,
        tailLines: Int,
        limitBytes: Int
    ) async throws(KubernetesError) -> [UInt8] {
        var request = try Request(.get, Pod.resource, pod)
        request.append(subresource: "log")
        request.query("container", container)
        request.query("tailLines", String(tailLines))
        request.query("limitBytes", String(limitBytes))
        return Array(try await perform(request).readableBytesView)
    }
}
