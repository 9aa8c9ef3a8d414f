/// Answers the requests of a ``KubernetesClient`` in the place of an API server.
package protocol RequestTransport: Sendable {
    /// Answers one request.
    ///
    /// - Parameters:
    ///   - verb: What is done, by the API's own words; a list is `LIST`.
    ///   - uri: Path and query, percent-encoded.
    ///   - body: JSON, if there is one.
    ///   - contentType: What kind of JSON.
    /// - Returns: The status and the body; `nil` where the connection broke.
    func answer(
        _ verb: String,
        _ uri: String,
        body: [UInt8]?,
        contentType: String?
    ) async -> (status: Int, body: [UInt8])?
}
