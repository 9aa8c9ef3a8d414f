import Foundation
import NIOHTTP1

/// A server's answer to a hook.
struct HTTPReply: Sendable {
    let status: HTTPResponseStatus
    let headers: HTTPHeaders
    /// The start of the body, for a program to read.
    let start: [UInt8]
    /// The end of the body, for people to read.
    let tail: OutputTail

    var isDone: Bool { (200..<300).contains(status.code) && status != .accepted }

    /// Where a server that is still at work tells how far it is: `Location`, or `statusURL` in a JSON body.
    func statusURL(of request: URL) -> URL? {
        struct Body: Decodable {
            var statusURL: String?
        }
        let text =
            headers.first(name: "Location")
            ?? (try? JSONDecoder().decode(Body.self, from: Data(start)))?.statusURL
        return text.flatMap { URL(string: $0, relativeTo: request) }?.absoluteURL
    }

    /// When to ask again: `Retry-After` in seconds, at most a minute; `standard` without one.
    func pause(_ standard: Duration) -> Duration {
        guard let seconds = headers.first(name: "Retry-After").flatMap(Int.init), seconds >= 0 else { return standard }
        return .seconds(min(seconds, 60))
    }
}
