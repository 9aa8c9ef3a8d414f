import Crypto
import Foundation
import Kubernetes
import Synchronization

/// Asks the API server which user a token belongs to. Tokens are cached only as hashes.
final class TokenReviewer: Sendable {
    /// Why the user of a token cannot be determined.
    enum Failure: Error, CustomStringConvertible {
        case tooManyTokens
        case noAnswer(KubernetesError)

        var description: String {
            switch self {
            case .tooManyTokens: "too many unknown tokens; try again in a few seconds"
            case .noAnswer: "your token cannot be verified now; try again later"
            }
        }
    }

    /// How long an answer is valid.
    static let lifetime = Duration.seconds(60)

    private struct State {
        /// The users by the hashes of their tokens; nil for a token that belongs to no user.
        var users = ExpiringCache<SHA256Digest, TokenReview.User?>(limit: 4096)
        var allowance = ReviewAllowance(at: .now)
    }

    private let client: KubernetesClient
    private let state = Mutex(State())

    init(client: KubernetesClient) {
        self.client = client
    }

    /// - Parameters:
    ///   - token: The token as it was sent.
    ///   - isOfSession: Whether it belongs to an open session. Such a token needs no allowance, so that guessed tokens
    ///     do not shut out signed-in users.
    /// - Returns: nil if it belongs to no user.
    /// - Throws: ``Failure`` if the user cannot be determined.
    func user(of token: String, isOfSession: Bool = false) async throws(Failure) -> TokenReview.User? {
        guard (1...16_384).contains(token.utf8.count), token.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            return nil
        }
        let key = SHA256.hash(data: Data(token.utf8))
        let known = state.withLock { $0.users.value(key, at: .now) }
        if let known { return known }
        guard isOfSession || state.withLock({ $0.allowance.take(at: .now) }) else { throw .tooManyTokens }
        let review: TokenReview
        do throws(KubernetesError) {
            review = try await client.api().create(TokenReview(token: token))
        } catch {
            throw .noAnswer(error)
        }
        let user = review.status?.authenticated == true ? review.status?.user : nil
        state.withLock { $0.users.keep(user, for: key, lifetime: Self.lifetime, at: .now) }
        return user
    }
}

/// Limits how often the API server is asked about tokens that are not cached, which slows down guessing.
struct ReviewAllowance {
    private static let most = 50.0
    private static let perSecond = 10.0

    private var left = most
    private var countedAt: ContinuousClock.Instant

    init(at now: ContinuousClock.Instant) {
        countedAt = now
    }

    /// - Returns: false if the allowance is used up for now.
    mutating func take(at now: ContinuousClock.Instant) -> Bool {
        left = min(Self.most, left + (now - countedAt) / .seconds(1) * Self.perSecond)
        countedAt = now
        guard left >= 1 else { return false }
        left -= 1
        return true
    }
}
