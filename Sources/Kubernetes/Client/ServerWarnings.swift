import Logging
import NIOHTTP1
import Synchronization

/// The warnings of an API server, such as of an API that a later version removes: `Warning` headers (KEP-1693). Each is
/// logged once, as kubectl shows it.
final class ServerWarnings: Sendable {
    /// How many are remembered; a server that sends ever new ones is not logged without end.
    static let remembered = 100

    private let seen = Mutex<Set<String>>([])

    /// Logs what a response warns of for the first time.
    func note(_ headers: HTTPHeaders, _ logger: Logger) {
        for header in headers["Warning"] {
            guard let text = Self.text(of: header) else { continue }
            let isNew = seen.withLock { $0.count < Self.remembered && $0.insert(text).inserted }
            if isNew { logger.warning("the API server warns", metadata: ["warning": "\(text)"]) }
        }
    }

    /// The text of `299 agent "text"` (RFC 7234 §5.5); nil for another code.
    static func text(of header: String) -> String? {
        let parts = header.split(separator: " ", maxSplits: 2)
        guard parts.count == 3, parts[0] == "299", parts[2].first == "\"" else { return nil }
        var text = ""
        var isEscaped = false
        for character in parts[2].dropFirst() {
            if isEscaped {
                text.append(character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                return text
            } else {
                text.append(character)
            }
        }
        return nil
    }
}
