import Kubernetes
import Presentation
import Provisioning

/// Runs Jobs as hooks, in one namespace.
///
/// Each attempt's Job has its own name, so a restarted controller finds it again, running or ended, and creates none
/// twice. Ended Jobs stay until their time to live is over. Cancelling leaves the Job running.
package struct JobAction: Sendable {
    private let client: KubernetesClient
    private let namespace: String
    private let pause: Duration
    private let allowance: Duration

    private static let longestPause: Duration = .seconds(10)

    /// - Parameters:
    ///   - client: A client that may `get` and `create` `batch` `jobs`, `list` `pods` and `get` `pods/log` in the
    ///     namespace.
    ///   - namespace: The controller's own.
    ///   - pause: The time between the first two polls of a Job; grows to 10 seconds.
    ///   - allowance: The time beyond the timeout that the cluster has to end a Job before the attempt gives up.
    package init(
        client: KubernetesClient,
        namespace: String,
        pause: Duration = .seconds(1),
        allowance: Duration = .seconds(60)
    ) {
        self.client = client
        self.namespace = namespace
        self.pause = pause
        self.allowance = allowance
    }

    /// Creates the attempt's Job, or finds it, and waits for its end.
    func attempt(
        _ hook: JobHook,
        _ facts: HookFacts,
        number: Int,
        timeout: Duration
    ) async throws(CancellationError) -> HookAttempt {
        let manifest = JobManifest(hook, facts, number: number, timeout: timeout, namespace: namespace)
        let outcome = await withDeadline(timeout + allowance) { await self.run(manifest.job, timeout) }
        if Task.isCancelled { throw CancellationError() }
        let name = manifest.job.key.name
        let late = "not finished \(allowance.words) after its timeout of \(timeout.words)"
        return outcome ?? HookAttempt(.timedOut, "Job \(name): \(late)")
    }

    private func run(_ job: Job, _ timeout: Duration) async -> HookAttempt {
        let name = job.key.name
        do {
            try await ensure(job)
            switch try await end(of: job.key) {
            case .complete:
                return await report(HookAttempt(.succeeded, "Job \(name) is complete"), name)
            case .failed("DeadlineExceeded", _):
                return await report(HookAttempt(.timedOut, "Job \(name) did not end within \(timeout.words)"), name)
            case .failed(let reason, let message):
                let why = [reason, message].compactMap { $0 }.joined(separator: ": ")
                return await report(HookAttempt(.failed, "Job \(name) failed (\(why))"), name)
            }
        } catch {
            return HookAttempt(.failed, "Job \(name): \(error)")
        }
    }

    /// Creates the Job if it does not exist. It looks first: a controller that may create Jobs but not read them must
    /// not create one after another.
    private func ensure(_ job: Job) async throws(KubernetesError) {
        while true {
            do {
                if let found = try await find(job.key) { return try recognise(found, as: job) }
                _ = try await client.api(Job.self).create(job)
                return
            } catch {
                guard error.isRetriable || error.code == .alreadyExists,
                    (try? await Task.sleep(for: pause)) != nil
                else { throw error }
            }
        }
    }

    private func find(_ key: ObjectKey) async throws(KubernetesError) -> Job? {
        do {
            return try await client.api(Job.self).get(key)
        } catch {
            if error.code == .notFound { return nil }
            throw error
        }
    }

    /// Refuses a Job of that name that is not the attempt's.
    private func recognise(_ found: Job, as job: Job) throws(KubernetesError) {
        let key = JobManifest.keyAnnotation
        guard found.metadata.annotations?[key] == job.metadata.annotations?[key] else {
            throw KubernetesError(code: .conflict, reason: "another Job has this name; delete it")
        }
    }

    private func end(of key: ObjectKey) async throws(KubernetesError) -> JobEnd {
        var pause = pause
        while true {
            do throws(KubernetesError) {
                guard let job = try await find(key) else {
                    throw KubernetesError(code: .notFound, reason: "it was deleted before its result was read")
                }
                if let end = JobEnd(job) { return end }
            } catch {
                // After any other error the Job may still run, and a second one must not run beside it.
                if error.code == .notFound || error.code == .cancelled { throw error }
            }
            guard (try? await Task.sleep(for: pause)) != nil else {
                throw KubernetesError(code: .cancelled, reason: "cancelled")
            }
            pause = min(pause * 2, Self.longestPause)
        }
    }

    /// Adds exit code and log, if the pod still exists. If they cannot be read, the message says why; the outcome
    /// stands.
    private func report(_ attempt: HookAttempt, _ name: String) async -> HookAttempt {
        var attempt = attempt
        do throws(KubernetesError) {
            let page = try await client.api(Pod.self).page(namespace: namespace, labelSelector: "job-name=\(name)")
            let pods = page.items.sorted {
                ($0.metadata.creationTimestamp?.seconds ?? 0) < ($1.metadata.creationTimestamp?.seconds ?? 0)
            }
            guard let pod = pods.last, let container = pod.telling else { return attempt }
            attempt.exitCode = container.state?.terminated?.exitCode
            let log = try await client.log(
                of: pod.key,
                container: container.name,
                tailLines: 50,
                limitBytes: 64 << 10
            )
            var tail = OutputTail()
            tail.append(log)
            attempt.output = tail.text()
        } catch {
            if error.code != .notFound { attempt.message += "; the output of its pod could not be read: \(error)" }
        }
        return attempt
    }
}

extension Pod {
    /// The container that failed, or else the first that ended.
    fileprivate var telling: ContainerStatus? {
        let main = (status?.containerStatuses ?? []).filter { $0.state?.terminated != nil }
        let failed = ((status?.initContainerStatuses ?? []) + main).first {
            $0.state?.terminated.map { $0.exitCode != 0 } ?? false
        }
        return failed ?? main.first
    }
}

/// How a Job ended.
enum JobEnd: Hashable, Sendable {
    case complete
    case failed(reason: String?, message: String?)

    /// Reads the end from the Job's conditions; `nil` while it has not ended.
    init?(_ job: Job) {
        if job.condition("Complete") != nil {
            self = .complete
        } else if let condition = job.condition("Failed") {
            self = .failed(reason: condition.reason, message: condition.message)
        } else {
            return nil
        }
    }
}
