import Glibc
import NIOCore
import NIOSSL

/// The name or address that a server's certificate must be for, checked as kubectl does (Go's crypto/x509,
/// `VerifyHostname`): an address among the certificate's addresses, a name among its DNS names, never the common name.
///
/// NIOSSL checks the address of the connection besides the name, so a certificate for that address would satisfy any
/// name.
struct ServerName: Hashable, Sendable {
    private enum Kind: Hashable, Sendable {
        /// 4 or 16 bytes.
        case address([UInt8])
        /// In lower case, by labels.
        case name([Substring])
    }

    private let kind: Kind

    /// - Parameter text: The host of an address, or a `tls-server-name`; an IPv6 address may be in brackets.
    init(_ text: String) {
        let bare = text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : text
        if let address = Self.bytes(of: bare, AF_INET, 4) ?? Self.bytes(of: bare, AF_INET6, 16) {
            kind = .address(address)
        } else {
            kind = .name(Self.labels(bare.hasSuffix(".") ? String(bare.dropLast()) : bare))
        }
    }

    var isAddress: Bool { if case .address = kind { true } else { false } }

    /// Whether a certificate is for this name.
    func isNamed(in certificate: NIOSSLCertificate) -> Bool {
        certificate._subjectAlternativeNames().contains { name in
            switch (kind, name.nameType) {
            case (.address(let bytes), .ipAddress): Array(name.contents) == bytes
            case (.name(let labels), .dnsName): matches(labels, String(decoding: name.contents, as: UTF8.self))
            default: false
            }
        }
    }

    /// Whether a DNS name of a certificate is the requested one: its first label may be `*`.
    private func matches(_ labels: [Substring], _ pattern: String) -> Bool {
        let pattern = Self.labels(pattern)
        guard pattern.count == labels.count, !labels.contains("") else { return false }
        return zip(pattern, labels).enumerated().allSatisfy { index, pair in
            pair.0 == pair.1 || index == 0 && pair.0 == "*"
        }
    }

    private static func labels(_ name: String) -> [Substring] {
        name.lowercased().split(separator: ".", omittingEmptySubsequences: false)
    }

    private static func bytes(of text: String, _ family: Int32, _ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        return inet_pton(family, text, &bytes) == 1 ? bytes : nil
    }
}

extension ServerName {
    /// Checks the certificate of a connection after its handshake, before any request is sent. Closes the connection if
    /// the certificate is for another name.
    ///
    /// - Returns: A failure with `NIOSSLExtraError.failedToValidateHostname` if it is.
    func check(_ channel: any Channel) -> EventLoopFuture<Void> {
        channel.nioSSL_peerCertificate().flatMap { certificate in
            if let certificate, isNamed(in: certificate) { return channel.eventLoop.makeSucceededVoidFuture() }
            channel.close(promise: nil)
            return channel.eventLoop.makeFailedFuture(NIOSSLExtraError.failedToValidateHostname)
        }
    }
}
