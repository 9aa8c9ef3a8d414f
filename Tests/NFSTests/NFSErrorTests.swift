import Testing

@testable import NFS

@Suite struct NFSErrorTests {
    @Test(
        arguments: [
            (1, .permissionDenied), (2, .notFound), (5, .serverFault), (13, .permissionDenied), (17, .alreadyExists),
            (20, .notDirectory), (21, .isDirectory), (28, .noSpace), (30, .readOnly), (63, .nameTooLong),
            (66, .notEmpty),
            (69, .noSpace), (70, .stale), (10001, .stale), (10008, .busy), (4_000_000_000, .serverFault),
        ] as [(UInt32, NFSError.Code)]
    )
    func eachStatusHasItsCode(_ status: UInt32, _ code: NFSError.Code) {
        #expect(NFSError.Code(nfsStatus: status) == code)
    }

    @Test(
        arguments: [
            (.notEmpty, nil, nil, "the directory is not empty"),
            (.noSpace, 69, nil, "the quota is used up"),
            (.serverFault, 5, nil, "the server failed (status 5)"),
            (
                .unreachable, nil, "port 1: Connection refused",
                "the server nas1 cannot be reached: port 1: Connection refused"
            ),
            (.fenced, nil, nil, "not sent, because the right to write (the leader's lease) has expired"),
        ] as [(NFSError.Code, UInt32?, String?, String)]
    )
    func readsAsOneSentence(_ code: NFSError.Code, _ status: UInt32?, _ detail: String?, _ reason: String) {
        let error = NFSError(
            code,
            nfsStatus: status,
            operation: "rmdir",
            subject: "db-0",
            address: ExportAddress(server: "nas1", path: "/srv/k8s"),
            detail: detail
        )
        #expect(error.description == "rmdir db-0 on nas1:/srv/k8s: \(reason)")
    }

    @Test func anIPv6ServerIsInBrackets() {
        #expect(ExportAddress(server: "fd00::1", path: "/srv").description == "[fd00::1]:/srv")
    }
}
