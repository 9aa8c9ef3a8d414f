import Kubernetes

/// Runs a request, and cancels it at `deadline`.
///
/// - Parameters:
///   - deadline: The time from which the response is of no use.
///   - request: The name of the request, for the error.
///   - operation: The request.
/// - Returns: What the request returns.
/// - Throws: What the request throws; `KubernetesError.Code.timeout` at the deadline.
func withDeadline<Value: Sendable>(
    _ deadline: ContinuousClock.Instant,
    of request: String,
    _ operation: @escaping @Sendable () async throws(KubernetesError) -> Value
) async throws(KubernetesError) -> Value {
    let limit = ContinuousClock.now.duration(to: deadline)
    let outcome = await withDeadline(limit) { () -> Result<Value, KubernetesError> in
        do throws(KubernetesError) {
            return .success(try await operation())
        } catch {
            return .failure(error)
        }
    }
    guard let outcome else {
        throw Task.isCancelled
            ? KubernetesError(code: .cancelled, request: request, reason: "cancelled")
            : KubernetesError(code: .timeout, request: request, reason: "no answer in time")
    }
    return try outcome.get()
}
