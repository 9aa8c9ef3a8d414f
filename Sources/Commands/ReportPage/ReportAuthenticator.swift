import Foundation
import HTTPTypes
import Hummingbird
import Kubernetes
import Synchronization

/// Lets in users that the API server knows: by the bearer token of a request, or by the session of a browser that
/// signed in with one.
struct ReportAuthenticator: Sendable {
    /// A user who was let in.
    struct ReportSession: Sendable {
        let user: TokenReview.User
        /// The session's name; nil for a request with a token.
        let session: String?
    }

    /// The prefix binds the cookie to this host and to encrypted connections (RFC 6265bis §4.1.3.2).
    private static let cookieName = "__Host-sb-nfs-reports"

    let tokens: TokenReviewer
    let access: AccessReviewer
    private let sessions = ReportSessions()

    init(tokens: TokenReviewer, access: AccessReviewer) {
        (self.tokens, self.access) = (tokens, access)
    }

    /// - Returns: nil for an unknown user.
    /// - Throws: ``TokenReviewer/Failure`` if the user cannot be determined.
    func visitor(_ request: Request) async throws(TokenReviewer.Failure) -> ReportSession? {
        if let header = request.headers[.authorization] {
            guard header.prefix(7).lowercased() == "bearer " else { return nil }
            return try await tokens.user(of: String(header.dropFirst(7))).map { ReportSession(user: $0, session: nil) }
        }
        guard let session = request.cookies[Self.cookieName]?.value, let token = sessions.token(of: session) else {
            return nil
        }
        guard let user = try await tokens.user(of: token, isOfSession: true) else {
            sessions.close(session)
            return nil
        }
        return ReportSession(user: user, session: session)
    }

    /// - Returns: The cookie of a new session; nil for a token that belongs to no user.
    func signIn(_ token: String) async throws(TokenReviewer.Failure) -> Cookie? {
        guard try await tokens.user(of: token) != nil else { return nil }
        return cookie(sessions.open(token: token), maxAge: Int(ReportSessions.lifetime.components.seconds))
    }

    /// - Returns: The empty cookie that replaces the session's.
    func signOut(_ request: Request) -> Cookie {
        if let session = request.cookies[Self.cookieName]?.value { sessions.close(session) }
        return cookie("", maxAge: 0)
    }

    private func cookie(_ value: String, maxAge: Int) -> Cookie {
        Cookie(
            name: Self.cookieName,
            value: value,
            maxAge: maxAge,
            path: "/",
            secure: true,
            httpOnly: true,
            sameSite: .strict
        )
    }
}

/// The sessions of browsers. A cookie holds only a random name of the session. The token stays in this process's memory
/// and is reviewed again and again, so that a session ends when its token does.
final class ReportSessions: Sendable {
    /// How long a session lasts at most.
    static let lifetime = Duration.seconds(8 * 3600)
    private static let most = 1000

    private let tokens = Mutex(ExpiringCache<String, String>(limit: most))

    /// - Returns: The new session's name.
    func open(token: String) -> String {
        var generator = SystemRandomNumberGenerator()
        let name = (0..<4).map { _ in
            let digits = String(generator.next() as UInt64, radix: 16)
            return String(repeating: "0", count: 16 - digits.utf8.count) + digits
        }.joined()
        tokens.withLock { $0.keep(token, for: name, lifetime: Self.lifetime, at: .now) }
        return name
    }

    func token(of session: String) -> String? {
        tokens.withLock { $0.value(session, at: .now) }
    }

    func close(_ session: String) {
        tokens.withLock { $0.remove(session) }
    }
}
