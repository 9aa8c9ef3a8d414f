import Foundation
import TestBed
import Testing

@testable import NFS

@Suite struct ServerProbeTests {
    private func look(
        _ server: ScriptedServer,
        timeout: Duration = .seconds(30)
    ) async -> ServerObservation {
        let options = ConnectionOptions(port: server.port, mountPort: server.port, timeout: timeout)
        return await ServerProbe(ExportAddress(server: "127.0.0.1", path: "/scripted"), options).look()
    }

    @Test func seesBothServicesWhatIsExportedAndWhereWeComeFrom() async throws {
        let server = try await NFSServer.shared.value
        let address = ExportAddress(server: "127.0.0.1", path: server.path("rw").path())
        let sight = await ServerProbe(address, server.options()).look()
        #expect(try sight.addresses.get() == ["127.0.0.1"] && sight.offersNFSv3)
        #expect(sight.nfs.map(\.port) == [server.port] && sight.mount.map(\.port) == [server.mountPort])
        #expect(sight.nfs.first?.source?.host == "127.0.0.1")
        // The tests run as root.
        #expect(sight.nfs.first?.source?.isPrivileged == true)
        let exports = try #require(sight.exports).map(\.path)
        let exported = exports.first { address.path.hasSuffix($0) || $0.hasSuffix(address.path) }
        #expect(exported != nil, "\(exports)")
    }

    @Test func namesThatHaveNoAddressSayWhy() async throws {
        let address = ExportAddress(server: "no-such-host.invalid", path: "/")
        let sight = await ServerProbe(address, ConnectionOptions(port: 1, mountPort: 1)).look()
        guard case .failure(let error) = sight.addresses else {
            Issue.record("it has \(sight.addresses)")
            return
        }
        #expect(error.detail?.contains("cannot be resolved") == true && sight.nfs.isEmpty && !sight.offersNFSv3)
    }

    @Test func aPortThatNobodyListensOnSaysSo() async throws {
        let server = try ScriptedServer { _ in nil }
        server.stop()
        let sight = await look(server)
        guard case .unreachable(let reason) = sight.nfs.first?.answer else {
            Issue.record("it answers \(sight.nfs)")
            return
        }
        #expect(reason.contains("Connection refused"), "\(reason)")
        #expect(!sight.offersNFSv3 && sight.exports == nil)
    }

    @Test func aServerThatTakesConnectionsAndSaysNothingIsSilent() async throws {
        let server = try ScriptedServer { _ in .silence }
        defer { server.stop() }
        let sight = await look(server, timeout: .milliseconds(500))
        #expect(sight.nfs.map(\.answer) == [.silent] && sight.mount.map(\.answer) == [.silent])
        #expect(sight.nfs.first?.source?.host == "127.0.0.1")
    }

    @Test func aServerOfNFSv4AloneIsToldApart() async throws {
        let server = try ScriptedServer { $0.name == "null" ? .otherVersion : nil }
        defer { server.stop() }
        let sight = await look(server)
        #expect(sight.nfs.map(\.answer) == [.speaksOther(version4: true)])
        #expect(sight.mount.map(\.answer) == [.speaksOther(version4: false)] && !sight.offersNFSv3)
    }

    @Test func aServerOfNoKnownVersionIsToldApart() async throws {
        let server = try ScriptedServer { $0.name.hasPrefix("null") ? .otherVersion : nil }
        defer { server.stop() }
        #expect(await look(server).nfs.map(\.answer) == [.speaksOther(version4: false)])
    }

    @Test func aServerThatTurnsUsAwayIsNoServerOfAnotherVersion() async throws {
        let server = try ScriptedServer { $0.name == "null" ? .rejected : nil }
        defer { server.stop() }
        guard case .refuses(let reason) = await look(server).nfs.first?.answer else {
            Issue.record("it was not seen")
            return
        }
        #expect(!reason.isEmpty)
    }

    @Test func theListOfExportsHasItsClients() async throws {
        let server = try ScriptedServer { _ in nil }
        defer { server.stop() }
        #expect(await look(server).exports == [ListedExport(path: "/scripted", clients: ["10.0.0.0/24"])])
    }

    @Test func aServerNeedNotTellWhatItExports() async throws {
        let server = try ScriptedServer { $0.name == "export" ? .rejected : nil }
        defer { server.stop() }
        let sight = await look(server)
        #expect(sight.exports == nil && sight.offersNFSv3)
    }
}
