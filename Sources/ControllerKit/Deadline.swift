import Kubernetes

/// Runs a request, and cancels it when `deadline` comes first.
///
/// - Parameters:
///   - deadline: When the answer is no longer of use.
///   - request: For the error.
///   - operation: The request.
/// - Returns: What the request returns.
/// - Throws: What the request throws; ``KubernetesError/Code/timeout`` at the deadline.
func withDeadline<Value: Sendable>(
    _ deadline: ContinuousClock.Instant,
    of request: String,
    _ operation: @escaping @Sendable () async throws(KubernetesError) -> Value
) async throws(KubernetesError) -> Value {
    try await withTaskGroup(of: Result<Value, KubernetesError>.self) { group in
        group.addTask {
            do throws(KubernetesError) {
                return .success(try await operation())
            } catch {
                return .failure(error)
            }
        }
        group.addTask {
            let cancelled = (try? await Task.sleep(until: deadline, clock: .continuous)) == nil
            return .failure(
                cancelled
                    ? KubernetesError(code: .cancelled, request: request, reason: "cancelled")
                    : KubernetesError(code: .timeout, request: request, reason: "no answer in time")
            )
        }
        defer { group.cancelAll() }
        return await group.next() ?? .failure(KubernetesError(code: .cancelled, request: request, reason: "cancelled"))
    }.get()
}
