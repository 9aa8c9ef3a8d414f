import NFS
import Testing

@Suite("P6: mount options as nfs(5) names them") struct ConnectionOptionsTests {
    @Test func defaultsGiveACallTenSeconds() throws {
        let options = try ConnectionOptions.parse([])
        #expect(options == ConnectionOptions())
        #expect(options.deadline == .seconds(10))
        #expect(options.uid == 0 && options.gid == 0)
    }

    @Test func readsTheWordsOfNFS5() throws {
        let options = try ConnectionOptions.parse(["port=2049,mountport=20048", "timeo=30", "retrans=2"])
        #expect(options.port == 2049)
        #expect(options.mountPort == 20048)
        #expect(options.timeout == .seconds(3))
        #expect(options.retransmissions == 2)
        #expect(options.deadline == .seconds(9))
    }

    @Test(arguments: [
        "nfsvers=3", "vers=3", "proto=tcp", "sec=sys", "hard", "soft", "noatime", "rsize=1048576", "wsize=65536",
        "nolock", "actimeo=0", "", "rw,bg", "nconnect=4",
    ])
    func passesOverWhatIsSoAnywayOrOnlyAKernelKnows(_ option: String) throws {
        #expect(try ConnectionOptions.parse([option]) == ConnectionOptions())
    }

    @Test func theLastOfTwoWinsAndPortZeroAsksThePortmapper() throws {
        #expect(try ConnectionOptions.parse(["port=1,port=2"]).port == 2)
        #expect(try ConnectionOptions.parse(["port=1", "port=0"]).port == nil)
    }

    @Test(arguments: [
        ("port=abc", "port takes a number from 0 to 65535"),
        ("port", "port takes a number from 0 to 65535"),
        ("port=", "port takes a number from 0 to 65535"),
        ("port=+1", "port takes a number from 0 to 65535"),
        ("mountport=65536", "mountport takes a number from 0 to 65535"),
        ("mountport=-1", "mountport takes a number from 0 to 65535"),
        ("timeo=0", "timeo takes a number from 1 to 6000"),
        ("timeo=99999999999999999999", "timeo takes a number from 1 to 6000"),
        ("retrans=x", "retrans takes a number from 0 to 10"),
        ("nfsvers=4.1", "only NFS version 3 is supported; use nfsvers=3 or leave it out"),
        ("vers=4", "only NFS version 3 is supported; use vers=3 or leave it out"),
        ("v4.2", "only NFS version 3 is supported; use nfsvers=3 or leave it out"),
        ("proto=udp", "only TCP is supported; use proto=tcp or leave it out"),
        ("udp", "only TCP is supported; use proto=tcp or leave it out"),
        ("sec=krb5p", "only AUTH_SYS is supported; use sec=sys or leave it out"),
        ("sec", "only AUTH_SYS is supported; use sec=sys or leave it out"),
    ])
    func refusesWhatCannotBeHonoured(_ option: String, _ reason: String) {
        let error = #expect(throws: InvalidConnectionOption.self) { try ConnectionOptions.parse(["hard,\(option)"]) }
        #expect(error?.description == "the NFS mount option “\(option)” cannot be used: \(reason)")
    }
}
