import Foundation
import NIOCore
import NIOFoundationCompat
import NIOHTTP1

extension KubernetesError {
    static func cancelled(_ request: Request) -> KubernetesError {
        KubernetesError(code: .cancelled, request: request.description, reason: "cancelled")
    }

    /// What came instead of what the request asks for.
    init(answerOf request: Request, _ error: any Error) {
        self.init(
            code: .decoding,
            request: request.description,
            reason: "the answer is not what an API server gives (\(decodingReason(error)))"
        )
    }

    /// The error an answer other than 2xx stands for; one without a `Status`, as a proxy gives it, is quoted.
    init(_ refusal: Refusal, request: Request) {
        var status = (try? JSONDecoder().decode(Status.self, from: refusal.body)) ?? Status()
        if status.message == nil, status.reason == nil {
            let text = String(buffer: refusal.body).prefix(200).trimmingCharacters(in: .whitespacesAndNewlines)
            status.message = text.isEmpty ? nil : text
        }
        self.init(
            status: status,
            httpStatus: Int(refusal.status.code),
            request: request.description,
            retryAfter: Refusal.retryAfter(refusal.headers)
        )
    }
}
