import Foundation
import HTTPTypes
import Hummingbird
import Kubernetes
import Logging
import NIOCore
import Presentation
import Reports

/// The routes: `/` for the page, `/reports/….json` for the reports, `/sign-in` and `/sign-out` for browsers.
struct ReportRoutes: Sendable {
    let door: ReportAuthenticator
    let cache: ReportCache
    let logger: Logger

    var router: Router<BasicRequestContext> {
        let router = Router(options: .autoGenerateHeadEndpoints)
        router.add(middleware: SecurityHeaders())
        router.get("/") { request, _ in await page(request) }
        router.get("/reports/backups.json") { request, _ in await json(request) { try String(json: $0.backups) } }
        router.get("/reports/usage.json") { request, _ in await json(request) { try String(json: $0.usage) } }
        router.get("/reports/audit.json") { request, _ in await json(request) { try String(json: $0.audit) } }
        router.post("/sign-in") { request, _ in await signIn(request) }
        router.post("/sign-out") { request, _ in signOut(request) }
        return router
    }

    // MARK: The reports

    private func page(_ request: Request) async -> Response {
        do throws(ReportRefusal) {
            let (reports, viewer) = try await reports(request)
            return ReportAnswer.html(.ok, ReportDocument(reports, viewer: viewer).html())
        } catch {
            return ReportAnswer.html(error.status, SignInDocument(problem: error.sentence).html())
        }
    }

    private func json(_ request: Request, _ report: (ReportSet) throws -> String) async -> Response {
        do throws(ReportRefusal) {
            let (reports, _) = try await reports(request)
            do {
                return ReportAnswer.text(.ok, try report(reports), type: "application/json")
            } catch {
                throw ReportRefusal(.internalServerError, "the report cannot be encoded as JSON")
            }
        } catch {
            return ReportAnswer.text(error.status, "\(error.sentence ?? "a bearer token is needed")\n")
        }
    }

    /// The part of the reports that the user may see; `?namespace=` narrows it down further.
    private func reports(
        _ request: Request
    ) async throws(ReportRefusal) -> (ReportSet, ReportDocument.Viewer) {
        let visitor = try await visitor(request)
        let content = try await content()
        let wanted = request.uri.queryParameters.getAll("namespace").map { String($0) }
        var namespaces = content.namespaces
        if !wanted.isEmpty { namespaces.formIntersection(wanted) }
        let scope: AccessReviewer.Scope
        do {
            scope = try await door.access.scope(of: visitor.user, among: namespaces)
        } catch {
            logger.warning("access to the reports could not be reviewed", metadata: ["error": "\(error)"])
            throw ReportRefusal(.serviceUnavailable, TokenReviewer.Failure.noAnswer(error).description)
        }
        let name = visitor.user.username ?? ""
        var viewer = ReportDocument.Viewer(name: name, namespaces: nil, canSignOut: visitor.session != nil)
        switch scope {
        case .everything:
            return (content.reading.reports(ReportFilter(namespaces: wanted), false), viewer)
        case .namespaces(let seen, let unasked):
            if unasked > 0 {
                viewer.note = "\(unasked) more were not checked: select some with ?namespace=NAME&namespace=NAME"
            }
            guard !seen.isEmpty else {
                let asked = "\(name) may not list claims in any namespace of the report"
                throw ReportRefusal(.forbidden, viewer.note.map { "\(asked) that was checked; \($0)" } ?? asked)
            }
            viewer.namespaces = seen.sorted()
            let filter = ReportFilter(namespaces: seen.sorted())
            return (content.reading.reports(filter, true).limited(to: seen), viewer)
        }
    }

    private func visitor(_ request: Request) async throws(ReportRefusal) -> ReportAuthenticator.ReportSession {
        let visitor: ReportAuthenticator.ReportSession?
        do {
            visitor = try await door.visitor(request)
        } catch {
            throw refusal(error)
        }
        guard let visitor else {
            let isSent = request.headers[.authorization] != nil
            throw ReportRefusal(.unauthorized, isSent ? "the cluster does not know this token" : nil)
        }
        return visitor
    }

    private func content() async throws(ReportRefusal) -> ReportCache.Content {
        do {
            return try await cache.current()
        } catch {
            logger.warning("the reports could not be created", metadata: ["error": "\(error)"])
            throw ReportRefusal(.serviceUnavailable, "the reports cannot be created now; see the controller's log")
        }
    }

    private func refusal(_ failure: TokenReviewer.Failure) -> ReportRefusal {
        switch failure {
        case .tooManyTokens: return ReportRefusal(.tooManyRequests, failure.description)
        case .noAnswer(let error):
            logger.warning("a token could not be reviewed", metadata: ["error": "\(error)"])
            return ReportRefusal(.serviceUnavailable, failure.description)
        }
    }

    // MARK: Sessions of browsers

    private struct Form: Decodable {
        let token: String
    }

    private func signIn(_ request: Request) async -> Response {
        do throws(ReportRefusal) {
            try requireOwnPage(request)
            let token = try await token(request)
            let cookie: Cookie?
            do {
                cookie = try await door.signIn(token)
            } catch {
                throw refusal(error)
            }
            guard let cookie else { throw ReportRefusal(.unauthorized, "the cluster does not know this token") }
            return ReportAnswer.back(setting: cookie)
        } catch {
            return ReportAnswer.html(error.status, SignInDocument(problem: error.sentence).html())
        }
    }

    private func signOut(_ request: Request) -> Response {
        do throws(ReportRefusal) {
            try requireOwnPage(request)
            return ReportAnswer.back(setting: door.signOut(request))
        } catch {
            return ReportAnswer.html(error.status, SignInDocument(problem: error.sentence).html())
        }
    }

    /// Refuses forms of another site's page, which must not sign a user in or out. Browsers send the form's site; a
    /// client that sends none is not a browser.
    private func requireOwnPage(_ request: Request) throws(ReportRefusal) {
        let site = HTTPField.Name("Sec-Fetch-Site").flatMap { request.headers[$0] } ?? "none"
        guard ["same-origin", "none"].contains(site) else {
            throw ReportRefusal(.forbidden, "the request did not come from this page")
        }
    }

    private func token(_ request: Request) async throws(ReportRefusal) -> String {
        do {
            let body = try await request.body.collect(upTo: 64 << 10)
            let form = try URLEncodedFormDecoder().decode(Form.self, from: String(buffer: body))
            return form.token.trimmingCharacters(in: .whitespacesAndNewlines)
        } catch {
            throw ReportRefusal(.badRequest, "no token was sent")
        }
    }
}

/// The answers that ``ReportRoutes`` gives.
enum ReportAnswer {
    static func html(_ status: HTTPResponse.Status, _ document: [UInt8]) -> Response {
        answer(status, ByteBuffer(bytes: document), type: "text/html; charset=utf-8")
    }

    static func text(
        _ status: HTTPResponse.Status,
        _ text: String,
        type: String = "text/plain; charset=utf-8"
    ) -> Response {
        answer(status, ByteBuffer(string: text), type: type)
    }

    /// Redirects a browser to the page, by a relative address that also works behind a proxy.
    static func back(setting cookie: Cookie) -> Response {
        var response = Response(status: .seeOther, headers: [.location: "./"])
        response.setCookie(cookie)
        return response
    }

    private static func answer(_ status: HTTPResponse.Status, _ body: ByteBuffer, type: String) -> Response {
        var headers: HTTPFields = [.contentType: type]
        if status == .unauthorized { headers[.wwwAuthenticate] = "Bearer realm=\"sb-nfs-provisioner\"" }
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: body))
    }
}

/// The refusal of a request.
struct ReportRefusal: Error {
    let status: HTTPResponse.Status
    /// The reason, for the user; nil if they only have to sign in.
    let sentence: String?

    init(_ status: HTTPResponse.Status, _ sentence: String?) {
        (self.status, self.sentence) = (status, sentence)
    }
}

/// Adds headers to every answer that make a browser store nothing, run only the page's own script, and send no
/// referrer.
struct SecurityHeaders<Context: RequestContext>: RouterMiddleware {
    func handle(
        _ request: Request,
        context: Context,
        next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response: Response
        do {
            response = try await next(request, context)
        } catch let error as any HTTPResponseError {
            response = try error.response(from: request, context: context)
        }
        for (name, value) in Self.fields {
            if let name = HTTPField.Name(name) { response.headers[name] = value }
        }
        return response
    }

    private static var fields: [(String, String)] {
        [
            ("Content-Security-Policy", ContentSecurityPolicy.header), ("X-Content-Type-Options", "nosniff"),
            ("Cache-Control", "no-store"), ("Referrer-Policy", "no-referrer"), ("X-Frame-Options", "DENY"),
            ("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Resource-Policy", "same-origin"),
        ]
    }
}
