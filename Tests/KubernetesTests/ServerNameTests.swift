import Foundation
import NIOSSL
import TestBed
import Testing

@testable import Kubernetes

@Suite("The name that a server's certificate must be for")
struct ServerNameTests {
    /// For 127.0.0.1, 10.0.0.1, localhost and kubernetes.default.svc; the common name is none of them.
    private func certificate() throws -> NIOSSLCertificate {
        let file = try TestBed.current().folder + "/pki/server.crt"
        return try #require(try NIOSSLCertificate.fromPEMFile(file).first)
    }

    @Test(
        "An address is one of its addresses, a name one of its names, in any case",
        arguments: [
            ("127.0.0.1", true), ("10.0.0.1", true), ("10.0.0.2", false), ("[::1]", false), ("localhost", true),
            ("LocalHost", true), ("localhost.", true), ("localhost..", false), ("kubernetes.default.svc", true),
            ("default.svc", false), ("x.kubernetes.default.svc", false), ("", false), (".", false), ("*", false),
        ]
    )
    func names(name: String, isNamed: Bool) throws {
        #expect(ServerName(name).isNamed(in: try certificate()) == isNamed)
    }

    @Test(
        "A star stands for the whole first label, and for no more",
        arguments: [
            ("a.example.com", true), ("A.EXAMPLE.com", true), ("example.com", false), ("a.b.example.com", false),
            (".example.com", false), ("*.example.com", true), ("a.example.org", false), ("ab.part.com", false),
        ]
    )
    func wildcards(name: String, isNamed: Bool) throws {
        let certificate = try NIOSSLCertificate(bytes: Array(Self.wildcard.utf8), format: .pem)
        #expect(ServerName(name).isNamed(in: certificate) == isNamed)
    }

    /// For *.example.com and a*.part.com; its common name is example.com.
    private static let wildcard = """
        -----BEGIN CERTIFICATE-----
        MIIBqzCCAVCgAwIBAgIUQIGyb07lmTb8x0wU72K/0Lo3nSMwCgYIKoZIzj0EAwIw
        FjEUMBIGA1UEAwwLZXhhbXBsZS5jb20wIBcNMjYxMjAxMTM1NTE1WhgPMjEyNjEx
        MDcxMzU1MTVaMBYxFDASBgNVBAMMC2V4YW1wbGUuY29tMFkwEwYHKoZIzj0CAQYI
        KoZIzj0DAQcDQgAEKRjUbJAfxVzpyyI0+aYlILbGuUUoN14rRqgVVrZrf0X60PS+
        8Jh22qK9zHzHiEF9JGEAJnEOLEcscd0/5HzhSaN6MHgwHQYDVR0OBBYEFMHbCIVk
        enVMZ8qZZrH6u1I6/ib8MB8GA1UdIwQYMBaAFMHbCIVkenVMZ8qZZrH6u1I6/ib8
        MA8GA1UdEwEB/wQFMAMBAf8wJQYDVR0RBB4wHIINKi5leGFtcGxlLmNvbYILYSou
        cGFydC5jb20wCgYIKoZIzj0EAwIDSQAwRgIhALxNdWMcgnhGCyH8FJgsm7FCTrWM
        irvb9QAUPDLawsJpAiEAl4Wkmp2EG2lUf9t0D0jZD0vz+xdkEuP0aaiEkDG3rj4=
        -----END CERTIFICATE-----
        """
}
