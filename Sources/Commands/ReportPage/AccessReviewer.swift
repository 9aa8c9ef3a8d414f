import Kubernetes
import Synchronization

/// Finds out what a user may see of the reports, by the API server's rules.
///
/// A user who may `get` the path `/reports` sees all of them. Others see the namespaces in which they may list claims.
final class AccessReviewer: Sendable {
    /// What a user may see.
    enum Scope: Hashable {
        case everything
        /// - Parameters:
        ///   - namespaces: The namespaces that they may see.
        ///   - unasked: How many more namespaces were not asked about.
        case namespaces(Set<String>, unasked: Int)
    }

    /// The most namespaces that the API server is asked about for one page.
    static let mostNamespaces = 500
    private static let lifetime = Duration.seconds(60)
    private static let width = 8

    private struct Question: Hashable {
        let user: TokenReview.User
        let attributes: SubjectAccessReview.Attributes
    }

    private let client: KubernetesClient
    private let answers = Mutex(ExpiringCache<Question, Bool>(limit: 20_000))

    init(client: KubernetesClient) {
        self.client = client
    }

    /// - Parameters:
    ///   - user: The user who opens the page.
    ///   - namespaces: The namespaces in the reports.
    /// - Returns: What they may see of them.
    /// - Throws: `KubernetesError` if the API server gives no answer.
    func scope(of user: TokenReview.User, among namespaces: Set<String>) async throws(KubernetesError) -> Scope {
        if try await isAllowed(user, .path("/reports", verb: "get")) { return .everything }
        if try await isAllowed(user, Self.listing(nil)) { return .namespaces(namespaces, unasked: 0) }
        let asked = namespaces.sorted().prefix(Self.mostNamespaces)
        let seen = try await allowed(user, asked)
        return .namespaces(seen, unasked: namespaces.count - asked.count)
    }

    private func allowed(
        _ user: TokenReview.User,
        _ namespaces: ArraySlice<String>
    ) async throws(KubernetesError) -> Set<String> {
        typealias Answer = Result<String?, KubernetesError>
        let answers = await withTaskGroup(of: Answer.self) { group in
            var answers: [Answer] = []
            for (index, namespace) in namespaces.enumerated() {
                if index >= Self.width, let answer = await group.next() { answers.append(answer) }
                group.addTask {
                    do throws(KubernetesError) {
                        return .success(try await self.isAllowed(user, Self.listing(namespace)) ? namespace : nil)
                    } catch {
                        return .failure(error)
                    }
                }
            }
            for await answer in group { answers.append(answer) }
            return answers
        }
        var allowed: Set<String> = []
        for answer in answers {
            if let namespace = try answer.get() { allowed.insert(namespace) }
        }
        return allowed
    }

    private static func listing(_ namespace: String?) -> SubjectAccessReview.Attributes {
        .resource(PersistentVolumeClaim.resource, verb: "list", namespace: namespace)
    }

    private func isAllowed(
        _ user: TokenReview.User,
        _ attributes: SubjectAccessReview.Attributes
    ) async throws(KubernetesError) -> Bool {
        let question = Question(user: user, attributes: attributes)
        if let known = answers.withLock({ $0.value(question, at: .now) }) { return known }
        let review: SubjectAccessReview = try await client.api().create(SubjectAccessReview(user, may: attributes))
        let isAllowed = review.status?.allowed == true && review.status?.denied != true
        answers.withLock { $0.keep(isAllowed, for: question, lifetime: Self.lifetime, at: .now) }
        return isAllowed
    }
}
