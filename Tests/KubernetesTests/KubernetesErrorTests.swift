import NIOHTTP1
import Testing

@testable import Kubernetes

@Suite("Refusals")
struct KubernetesErrorTests {
    @Test(
        arguments: [
            (400, "BadRequest", .badRequest), (401, "Unauthorized", .unauthorized), (403, "Forbidden", .forbidden),
            (404, "NotFound", .notFound), (409, "AlreadyExists", .alreadyExists), (409, "Conflict", .conflict),
            (410, "Gone", .gone), (410, "Expired", .gone), (422, "Invalid", .invalid),
            (429, "TooManyRequests", .tooManyRequests),
            (500, "InternalError", .serverError), (500, "ServerTimeout", .timeout),
            (503, "ServiceUnavailable", .serverError),
            (504, "Timeout", .timeout), (405, "MethodNotAllowed", .badRequest), (302, "", .serverError),
            (413, "", .badRequest),
        ] as [(Int, String, KubernetesError.Code)]
    )
    func theStatusDecidesTheCode(http: Int, reason: String, code: KubernetesError.Code) {
        #expect(KubernetesError(status: Status(reason: reason, code: http), httpStatus: http).code == code)
        // The same in a watch's ERROR event, which has no HTTP status of its own.
        #expect(KubernetesError(status: Status(reason: reason, code: http)).code == code)
    }

    @Test func theSentenceSaysWhatWasTriedAndWhatTheServerSaid() {
        let message = #"User "x" cannot get resource "persistentvolumes" in API group """#
        let error = KubernetesError(
            status: Status(message: message, reason: "Forbidden", code: 403),
            request: "GET persistentvolumes/pvc-1"
        )
        #expect(error.description == "GET persistentvolumes/pvc-1: forbidden: \(message)")
        #expect(!error.isRetriable)
    }

    @Test(
        arguments: [(-1, nil), (0, .zero), (60, .seconds(60)), (61, .seconds(60)), (Int.max, .seconds(60))]
            as [(Int, Duration?)]
    )
    func aServerMayAskForAMinuteAtMost(seconds: Int, wait: Duration?) {
        let status = Status(code: 429, details: Status.Details(retryAfterSeconds: seconds))
        #expect(KubernetesError(status: status).retryAfter == wait)
        #expect(Refusal.retryAfter(["Retry-After": "\(seconds)"]) == wait)
    }

    @Test func retryAfterOfTheHeaderGoesBeforeTheOneInTheBody() {
        let status = Status(code: 429, details: Status.Details(retryAfterSeconds: 3))
        #expect(KubernetesError(status: status).retryAfter == .seconds(3))
        #expect(KubernetesError(status: status, retryAfter: .seconds(7)).retryAfter == .seconds(7))
        #expect(KubernetesError(status: status).isRetriable)
    }
}
