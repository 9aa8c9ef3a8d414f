import Testing

@testable import Provisioning

@Suite("P6: mount options of a class, which kubelet hands to mount")
struct MountOptionsTests {
    @Test(
        "What mount takes is not doubted",
        arguments: [
            [], ["nfsvers=4.1"], ["nfsvers=4.1,hard,timeo=600"], ["vers=3", "proto=tcp", "port=2049", "nolock"],
            ["sec=krb5p:krb5i"], ["xprtsec=mtls", "nconnect=16"], ["lookupcache=positive"], ["x-systemd.automount"],
            ["ro", "noatime", "_netdev"], ["clientaddr=10.0.0.1"], ["v4.2"], ["retrans=20"],
        ]
    )
    func taken(options: [String]) {
        #expect(MountOptions(options).doubts == [])
    }

    @Test(
        "What mount refuses is named",
        arguments: [
            (["nfsver=3"], "\"nfsver=3\" is no option of nfs(5) or mount(8)"),
            (["nfsvers=3, hard"], "\" hard\" has a space or a quote in it"), (["\"hard\""], "a space or a quote"),
            (["nfsvers=5"], "\"nfsvers=5\" needs 2, 3, 4"), (["timeo=long"], "\"timeo=long\" needs a number"),
            (["timeo"], "\"timeo\" needs a number"), (["sec=kerberos"], "needs krb5"),
            (["hard,,intr"], "an option is empty"),
            ([""], "an option is empty"), (["Hard"], "is no option"), (["clientaddr"], "needs a value"),
        ]
    )
    func refused(options: [String], words: String) throws {
        let doubts = MountOptions(options).doubts
        #expect(doubts.count == 1 && doubts[0].contains(words), "\(doubts)")
    }
}
