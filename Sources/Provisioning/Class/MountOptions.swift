import NFS

/// The `mountOptions` of a class, which are kubelet's: they go onto the volumes as they are. An option that the kernel's
/// mount would refuse is found here before a pod hangs on it.
package struct MountOptions: Sendable, Hashable {
    private let words: [String]

    package init(_ options: [String]?) {
        words = options ?? []
    }

    /// What mount would refuse, one sentence each.
    package var doubts: [String] {
        words.compactMap { word in
            let options = word.split(separator: ",", omittingEmptySubsequences: false)
            guard !word.isEmpty, !options.contains("") else { return "an option is empty" }
            return options.lazy.compactMap { Self.doubt(about: String($0)) }.first
        }
    }

    private static func doubt(about option: String) -> String? {
        guard option.unicodeScalars.allSatisfy({ !$0.properties.isWhitespace && !"\"'".unicodeScalars.contains($0) })
        else { return "\(option.debugDescription) has a space or a quote in it, which mount takes for part of it" }
        let parts = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let (name, value) = (parts[0], parts.count == 2 ? parts[1] : nil)
        if name.hasPrefix("x-") || name.hasPrefix("X-") { return nil }
        if numbers.contains(name) {
            guard let value, Int(value) != nil else { return "\(option.debugDescription) needs a number" }
            return nil
        }
        if let known = valued[name] {
            guard let value, known.isEmpty || known.contains(where: { value == $0 || value.hasPrefix("\($0):") }) else {
                let choice = known.isEmpty ? "a value" : known.sorted().joined(separator: ", ")
                return "\(option.debugDescription) needs \(choice)"
            }
            return nil
        }
        if flags.contains(name) { return nil }
        return "\(option.debugDescription) is no option of nfs(5) or mount(8)"
    }

    // MARK: The options of nfs(5) and mount(8)

    private static let numbers: Set<String> = [
        "timeo", "retrans", "rsize", "wsize", "bsize", "acregmin", "acregmax", "acdirmin", "acdirmax", "actimeo",
        "retry",
        "port", "mountport", "mountvers", "namlen", "nconnect", "max_connect", "minorversion",
    ]

    /// With their values; empty: any.
    private static let valued: [String: Set<String>] = [
        "nfsvers": ["2", "3", "4", "4.0", "4.1", "4.2"], "vers": ["2", "3", "4", "4.0", "4.1", "4.2"],
        "sec": ["sys", "none", "krb5", "krb5i", "krb5p", "lkey", "lkeyi", "lkeyp", "spkm", "spkmi", "spkmp"],
        "xprtsec": ["none", "tls", "mtls"], "proto": ["tcp", "tcp6", "udp", "udp6", "rdma", "rdma6"],
        "mountproto": ["tcp", "tcp6", "udp", "udp6"], "lookupcache": ["all", "none", "pos", "positive"],
        "local_lock": ["all", "flock", "posix", "none"], "write": ["lazy", "eager", "wait"], "mounthost": [],
        "addr": [],
        "mountaddr": [], "clientaddr": [], "context": [], "fscontext": [], "defcontext": [], "rootcontext": [],
        "comment": [], "cert_serial": [], "privkey_serial": [], "fatal_neterrors": [],
    ]

    private static let flags: Set<String> = [
        "v2", "v3", "v4", "v4.0", "v4.1", "v4.2", "soft", "softerr", "hard", "softreval", "nosoftreval", "intr",
        "nointr",
        "ac", "noac", "bg", "fg", "rdirplus", "nordirplus", "sharecache", "nosharecache", "resvport", "noresvport",
        "fsc",
        "nofsc", "sloppy", "udp", "tcp", "rdma", "lock", "nolock", "cto", "nocto", "acl", "noacl", "migration",
        "nomigration", "posix", "noposix", "trunkdiscovery", "notrunkdiscovery", "alignwrite", "noalignwrite",
        "auto", "noauto", "defaults", "dev", "nodev", "exec", "noexec", "suid", "nosuid", "user", "nouser", "users",
        "group", "owner", "_netdev", "nofail", "ro", "rw", "sync", "async", "dirsync", "atime", "noatime", "diratime",
        "nodiratime", "relatime", "norelatime", "strictatime", "nostrictatime", "lazytime", "nolazytime", "iversion",
        "noiversion", "mand", "nomand", "silent", "loud", "remount", "nosymfollow",
    ]
}
