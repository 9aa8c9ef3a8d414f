import Foundation
import Testing

@testable import NFS

@Suite struct MountTests {
    @Test func givesTheRootOfTheExport() async throws {
        let server = try await NFSServer.shared.value
        let export = server.export()
        let root = try await export.root()
        #expect(root.attributes.type == .directory)
        #expect(try await export.root().handle == root.handle)
        await export.close()
    }

    @Test func namesAnExportThatIsNotThere() async throws {
        let server = try await NFSServer.shared.value
        let export = server.export("missing")
        let error = await expectFailure(.mountRefused) { try await export.root() }
        let text = error?.description ?? ""
        #expect(text.hasPrefix("mount \(export.address): the server does not export this path"), "\(text)")
        #expect(!text.contains(server.path("rw").path()), "\(text)")
        #expect(error?.isRetriable == false)
        await export.close()
    }

    @Test(
        "A refusal is explained by what the server exports, which is not told",
        arguments: [
            (["/other"], "does not export this path"), ([], "the server refuses"),
            (["/scripted"], "the server refuses"),
            (["/"], "the server refuses"), (["/script"], "does not export this path"),
        ]
    )
    func refused(exports: [String], words: String) async throws {
        try await ScriptedServer.with { call in
            switch call.name {
            case "mount": .status(13)
            case "export": .results(.exported(exports.map { ($0, []) }))
            default: nil
            }
        } body: { _, export in
            let error = await expectFailure(.mountRefused) { try await export.root() }
            #expect(error?.description.contains(words) == true, "\(error as Any)")
        }
    }

    @Test(arguments: ["port", "mountport"])
    func namesAServiceThatDoesNotListen(_ option: String) async throws {
        let server = try await NFSServer.shared.value
        var options = server.options(timeout: .milliseconds(300))
        if option == "port" { options.port = 1 } else { options.mountPort = 1 }
        let export = server.export(options: options)
        let error = await expectFailure(.unreachable) { try await export.root() }
        let text = error?.description ?? ""
        #expect(text.contains("the server 127.0.0.1 cannot be reached: 127.0.0.1 port 1: "))
        #expect(text.contains("Connection refused"), "\(text)")
        #expect(error?.isRetriable == true)
        #expect(error?.outcomeUnknown == false)
        await export.close()
    }

    @Test func namesAServerThatCannotBeResolved() async throws {
        let server = try await NFSServer.shared.value
        let export = server.export(host: "no-such-host.invalid", options: server.options(timeout: .seconds(1)))
        let error = await expectFailure(.unreachable) { try await export.root() }
        let text = error?.description ?? ""
        #expect(text.contains("the server no-such-host.invalid cannot be reached: "))
        #expect(text.contains("resolved"), "\(text)")
        await export.close()
    }

    @Test func resolvesAName() async throws {
        let server = try await NFSServer.shared.value
        let export = server.export(host: "localhost")
        #expect(try await export.root().attributes.type == .directory)
        await export.close()
    }

    /// The one service whose port is the same everywhere is the portmapper itself.
    @Test(arguments: [false, true])
    func asksThePortmapper(isIPv6: Bool) async throws {
        _ = try await NFSServer.shared.value
        let address = HostAddress(text: isIPv6 ? "::1" : "127.0.0.1", isIPv6: isIPv6)
        let endpoint = RPCEndpoint.nfs(of: ExportAddress(server: address.text, path: "/"), ConnectionOptions())
        let portmapper = RPCConnection(endpoint: endpoint.portmapper(at: address), window: 1) { false }
        let call = RPCCall<UInt16>.port(of: .portmapper, isIPv6: isIPv6)
        let port = try await portmapper.perform(call, sentBy: .now + .seconds(5), patience: .seconds(5))
        #expect(port == 111)
        await portmapper.close()
    }

    @Test(arguments: [("::1.8.1", 2049), ("127.0.0.1.0.111", 111), ("::.255.255", 65535)])
    func readsAPortFromAUniversalAddress(_ address: String, _ port: UInt16) {
        #expect(UInt16(universalAddress: address) == port)
    }

    @Test(arguments: ["", "1", "::1", "1.256", "a.b"])
    func findsNoPortInNonsense(_ address: String) {
        #expect(UInt16(universalAddress: address) == nil)
    }

    @Test func aReadOnlyExportSaysSo() async throws {
        let server = try await NFSServer.shared.value
        let export = server.export("ro")
        let root = try await export.root()
        let error = await expectFailure(.readOnly) {
            try await export.makeDirectory("db-0", in: root.handle, mode: 0o777)
        }
        #expect(
            error?.description
                == "mkdir db-0 on \(export.address): the export is read-only; export it read-write to this client"
        )
        await export.close()
    }

    @Test func rootSquashIsExplained() async throws {
        let server = try await NFSServer.shared.value
        let export = server.export("squash")
        let root = try await export.root()
        let error = await expectFailure(.permissionDenied) {
            try await export.makeDirectory("db-0", in: root.handle, mode: 0o777)
        }
        let sentence =
            "mkdir db-0 on \(export.address): permission denied; if the export maps root to nobody (root_squash)"
        #expect(error?.description.hasPrefix(sentence) == true, "\(error as Any)")
        #expect(error?.nfsStatus == 13)
        #expect(error?.isRetriable == false)
        await export.close()
    }
}
