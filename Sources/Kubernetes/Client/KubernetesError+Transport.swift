import AsyncHTTPClient
import NIOCore
import NIOPosix
import NIOSSL

extension KubernetesError {
    /// The error a failure on the way to the API server stands for.
    ///
    /// - Parameters:
    ///   - error: What the HTTP client threw.
    ///   - request: What was asked.
    ///   - server: The base address of the API server.
    init(transport error: any Error, request: String, server: String) {
        let (code, reason) = Self.diagnosis(error, server: server)
        self.init(code: code, request: request, reason: reason)
    }

    private static func diagnosis(_ error: any Error, server: String) -> (Code, String) {
        switch error {
        case is CancellationError:
            (.cancelled, "cancelled")
        case let error as HTTPClientError:
            diagnosis(error, server: server)
        case let error as NIOConnectionError:
            (.connection, "connect to \(server): \(cause(of: error))")
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError:
            (.connection, "connect to \(server): \(tlsReason(error))")
        case ChannelError.connectTimeout:
            (.connection, "connect to \(server): \(unanswered)")
        case let error as IOError where error.errnoCode == ECONNREFUSED:
            (.connection, "connect to \(server): \(refused)")
        case let error as NIOTooManyBytesError:
            (.tooLarge, "the answer is larger than \(error.maxBytes.map(String.init) ?? "the allowed number of") bytes")
        case is IOError:
            (.connectionLost, "connection to \(server) lost: \(error)")
        default:
            (.connectionLost, "talking to \(server) failed: \(error)")
        }
    }

    private static func diagnosis(_ error: HTTPClientError, server: String) -> (Code, String) {
        switch error {
        case .cancelled:
            (.cancelled, "cancelled")
        case .alreadyShutdown:
            (.cancelled, "the client was shut down")
        case .tlsHandshakeTimeout:
            (.connection, "connect to \(server): no answer to the TLS handshake; does that port speak TLS?")
        case .connectTimeout, .getConnectionFromPoolTimeout:
            (.connection, "connect to \(server): \(unanswered)")
        case .readTimeout, .writeTimeout, .deadlineExceeded:
            (.timeout, "\(server) stopped answering")
        case .remoteConnectionClosed:
            (.connectionLost, "\(server) closed the connection")
        default:
            (.connectionLost, "talking to \(server) failed: \(error)")
        }
    }

    private static let refused = "connection refused; is the API server running and the address right?"
    private static let unanswered = "no answer in time; is the address right and no firewall between?"

    private static func cause(of error: NIOConnectionError) -> String {
        if let failure = error.connectionErrors.first {
            if let cause = failure.error as? IOError {
                return cause.errnoCode == ECONNREFUSED ? refused : "\(cause)"
            }
            if case ChannelError.connectTimeout = failure.error { return unanswered }
            return "\(failure.error)"
        }
        return "the host name cannot be resolved; is the address right?"
    }

    private static func tlsReason(_ error: any Error) -> String {
        if error as? NIOSSLExtraError == .failedToValidateHostname {
            return "the server's certificate is not for that address; set tls-server-name to a name it is for"
        }
        let text = "\(error)"
        if text.contains("CERTIFICATE_VERIFY_FAILED") {
            return "the server's certificate is not signed by the configured certificate authority"
        }
        if text.contains("WRONG_VERSION_NUMBER") || text.contains("EOF during handshake") {
            return "the TLS handshake fails; is the address right, and does that port speak TLS?"
        }
        return "the TLS handshake fails: \(text)"
    }
}
