import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// The reason why a request failed, as one sentence.
struct HTTPHookError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension HTTPHookError {
    /// Describes a failure of the connection, without the server's name.
    init(transport error: any Error) {
        self.init(Self.reason(error))
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case ChannelError.connectTimeout:
            return unanswered
        case let error as HTTPClientError where error == .connectTimeout || error == .getConnectionFromPoolTimeout:
            return unanswered
        case NIOSSLError.uncleanShutdown:
            // Whether a body without a length is complete, only the end of TLS tells (RFC 9112 §9.8).
            return
                "the connection was closed before the answer was complete; let the server send Content-Length, or end"
                + " TLS before it closes the connection"
        case HTTPParserError.invalidEOFState:
            return "the connection was closed before the answer was complete"
        case let error as HTTPClientError where error == .remoteConnectionClosed:
            return "the connection was closed before the answer was complete"
        case let error as NIOConnectionError:
            guard let failure = error.connectionErrors.first else { return "the host name cannot be resolved" }
            return reason(failure.error)
        case let error as IOError where error.errnoCode == ECONNREFUSED:
            return "connection refused; check that the server runs and the address is right"
        case let error as NIOSSLExtraError where error == .failedToValidateHostname:
            return "the server's certificate is not for that address"
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError:
            return "\(error)".contains("CERTIFICATE_VERIFY_FAILED")
                ? "the server's certificate is not signed by the configured authority (caFile)"
                : "the TLS handshake failed; check that the port speaks TLS"
        default:
            return "the connection failed: \(error)"
        }
    }

    private static let unanswered = "no answer in time; check the address and the firewalls"
}
