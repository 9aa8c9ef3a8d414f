import Provisioning
import TestBed
import Testing

@testable import Commands
@testable import NFS

@Suite("doctor: checks of an export")
struct DoctorExportTests {
    static let address = ExportAddress(server: "nas1", path: "/srv/k8s")

    static func error(_ code: NFSError.Code, status: UInt32? = nil, detail: String? = nil) -> NFSError {
        NFSError(code, nfsStatus: status, operation: "mkdir", subject: "x", address: address, detail: detail)
    }

    static func service(
        _ answer: ServiceObservation.Answer,
        at address: String = "10.0.0.1",
        from port: UInt16 = 800
    ) -> ServiceObservation {
        ServiceObservation(
            address: address,
            port: 2049,
            answer: answer,
            source: LocalAddress(host: "10.1.2.3", port: port)
        )
    }

    static func sight(
        addresses: Result<[String], NFSError> = .success(["10.0.0.1"]),
        resolving: Duration = .milliseconds(3),
        nfs: [ServiceObservation] = [service(.speaks)],
        mount: [ServiceObservation] = [service(.speaks)],
        exports: [ListedExport]? = nil,
        _ change: (inout ExportObservation) throws -> Void = { _ in }
    ) throws -> ExportObservation {
        let export = try #require(ExportPath(server: address.server, path: address.path))
        var sight = ExportObservation(
            share: ShareAddress(export: export, options: ConnectionOptions()),
            server: ServerObservation(
                addresses: addresses,
                resolving: resolving,
                nfs: nfs,
                mount: mount,
                exports: exports
            )
        )
        try change(&sight)
        return sight
    }

    static func checks(
        _ sight: ExportObservation,
        _ purpose: ExportVerdict.Purpose = .volumes(remembered: []),
        writes: Bool = true
    ) -> [Check.ID: Check] {
        let checks = ExportVerdict(sight: sight, purpose: purpose, writes: writes).checks
        return Dictionary(uniqueKeysWithValues: checks.map { ($0.id, $0) })
    }

    static func mounted(_ sight: inout ExportObservation) throws {
        sight.mount = .success(Node(handle: try #require(FileHandle(bytes: [1])), attributes: .sample))
        sight.marker = .success(nil)
    }

    // MARK: The server

    @Test("A name that does not resolve is reported, and no later check passes")
    func unresolved() throws {
        let failure = Self.error(.unreachable, detail: "the name cannot be resolved: Name or service not known")
        let checks = Self.checks(try Self.sight(addresses: .failure(failure), nfs: [], mount: []))
        #expect(checks[.exportName]?.result == .failed && checks[.exportName]?.remedy?.contains("DNS") == true)
        #expect(checks[.exportName]?.sentence == "nas1: the name cannot be resolved: Name or service not known")
        for check in checks.values where check.id != .exportName { #expect(check.result == .skipped) }
    }

    @Test("A slow name lookup is a warning")
    func slowName() throws {
        #expect(Self.checks(try Self.sight())[.exportName]?.result == .ok)
        #expect(Self.checks(try Self.sight(resolving: .seconds(4)))[.exportName]?.result == .warning)
    }

    @Test(
        "A service that does not answer fails, with a remedy",
        arguments: [
            (ServiceObservation.Answer.refuses("denied"), "rejects us: denied", "sec=sys"),
            (.silent, "accepts connections but does not answer", "hangs"),
            (
                .unreachable("10.0.0.1 port 2049: Connection refused"), "reached: 10.0.0.1 port 2049: Conn",
                "NetworkPolicies"
            ),
            (.unmapped("its portmapper does not answer"), "the port of NFS at 10.0.0.1 is unknown", "port=…"),
        ]
    )
    func deadService(answer: ServiceObservation.Answer, words: String, remedy: String) throws {
        let checks = Self.checks(try Self.sight(nfs: [Self.service(answer)]))
        let check = try #require(checks[.exportPort])
        #expect(check.result == .failed && check.sentence.contains(words), "\(check)")
        #expect(check.remedy?.contains(remedy) == true, "\(check)")
        #expect(checks[.exportProtocol]?.result == .skipped && checks[.exportMount]?.result == .skipped)
    }

    @Test("One dead address of several is a warning that names it")
    func halfDead() throws {
        let services = [Self.service(.silent), Self.service(.speaks, at: "10.0.0.2")]
        let check = try #require(Self.checks(try Self.sight(nfs: services))[.exportPort])
        #expect(
            check.result == .warning
                && check.sentence.hasPrefix("NFS answers at 10.0.0.2 port 2049, but NFS at 10.0.0.1")
        )
    }

    @Test("For a server with only NFSv4 the remedy is to enable NFSv3; its missing mount service is no second failure")
    func version4() throws {
        let nfs = [Self.service(.speaksOther(version4: true))]
        let checks = Self.checks(try Self.sight(nfs: nfs, mount: [Self.service(.unmapped("no answer"))]))
        #expect(checks[.exportPort]?.result == .ok)
        #expect(checks[.exportProtocol]?.result == .failed)
        #expect(checks[.exportProtocol]?.sentence.contains("NFSv4 only") == true)
        #expect(checks[.exportProtocol]?.remedy?.contains("vers3=y") == true)
        #expect(checks[.exportMountService]?.result == .skipped)
    }

    // MARK: The mount

    @Test(
        "A refused mount is explained by what the server exports, and to whom",
        arguments: [
            (
                nil as [ListedExport]?, UInt32(13), UInt16(800),
                "the server does not let us (10.1.2.3 port 800) mount /srv/k8s",
                "/srv/k8s 10.1.2.3(rw,no_root_squash,no_subtree_check),"
            ),
            (
                [ListedExport(path: "/srv", clients: ["10.9.0.0/16"])], 13, 40_000,
                "port 40000) mount /srv/k8s, which it exports to 10.9.0.0/16", "no_subtree_check,insecure)"
            ),
            (
                [ListedExport(path: "/other", clients: [])], 13, 800,
                "the server does not export /srv/k8s: it exports /other", "NFS_PATH"
            ),
            (nil, 2, 800, "the server has no directory /srv/k8s", "create it there"),
        ]
    )
    func refused(exports: [ListedExport]?, status: UInt32, port: UInt16, words: String, remedy: String) throws {
        let service = Self.service(.speaks, from: port)
        let sight = try Self.sight(nfs: [service], mount: [service], exports: exports) {
            $0.mount = .failure(Self.error(.mountRefused, status: status))
        }
        let check = try #require(Self.checks(sight)[.exportMount])
        #expect(check.result == .failed && check.sentence.contains(words), "\(check)")
        #expect(check.remedy?.contains(remedy) == true, "\(check)")
    }

    @Test(
        "A high source port fails where the server refuses, is well where it does not, and else a warning",
        arguments: [
            (UInt16(800), false as Bool?, Check.Result.ok), (800, true, .ok), (40_000, false, .failed),
            (40_000, true, .ok),
            (40_000, nil, .warning),
        ]
    )
    func sourcePort(port: UInt16, isMounted: Bool?, result: Check.Result) throws {
        let service = Self.service(.speaks, from: port)
        let sight = try Self.sight(nfs: [service], mount: [service]) { sight in
            switch isMounted {
            case true?: try Self.mounted(&sight)
            case false?: sight.mount = .failure(Self.error(.rejected, detail: "AUTH_TOOWEAK"))
            case nil: break
            }
        }
        #expect(Self.checks(sight)[.exportSource]?.result == result)
    }

    private static let identities: [(String?, Set<String>?, Check.Result)] = [
        (nil, [], .ok), ("a", [], .ok), ("a", ["a"], .ok), ("a", ["a", "b"], .ok), ("c", ["a"], .failed),
        (nil, ["a"], .failed), ("a", nil, .skipped),
    ]

    @Test("S7: a share is the right one if the cluster's volumes remember it, or remember none", arguments: identities)
    func identity(marker: String?, remembered: Set<String>?, result: Check.Result) throws {
        let sight = try Self.sight { sight in
            try Self.mounted(&sight)
            sight.marker = .success(marker)
        }
        #expect(Self.checks(sight, .volumes(remembered: remembered))[.exportIdentity]?.result == result)
    }

    @Test("A share whose identity cannot be read fails; one of copies needs none")
    func unreadableIdentity() throws {
        let sight = try Self.sight { sight in
            try Self.mounted(&sight)
            sight.marker = .failure(ShareError("export.json is not JSON"))
        }
        #expect(Self.checks(sight)[.exportIdentity]?.result == .failed)
        #expect(Self.checks(sight, .copies)[.exportIdentity] == nil)
    }
}
