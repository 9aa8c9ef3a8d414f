import ArgumentParser

/// The flags that say which exports there are; each can be an environment variable or a line of the file as well.
struct ExportSettings: ParsableArguments {
    @Option(
        help:
            "A YAML file of settings in camel case (nfsServer: …); or CONFIG_FILE=…. Flags go first, then the environment (NFS_SERVER=…), then the file."
    )
    var config: String?

    @Option(help: "The NFS server of classes that name none.")
    var nfsServer: String?

    @Option(help: "The directory which that server exports, and in which volumes are made.")
    var nfsPath: String?

    @Option(help: "How to talk to that server, in the words of nfs(5): port, mountport, nfsvers=3, timeo, retrans.")
    var nfsMountOptions: String?

    @Option(help: "Further exports that volumes lie on, as server:/path, comma-separated.")
    var additionalExports: String?

    @Option(
        help:
            "trace, debug, info, notice, warning, error or critical; for a subsystem of its own as in info,nfs=debug. (default: info)"
    )
    var logLevel: String?

    @Option(help: "text, or json: an object a line. (default: text)")
    var logFormat: String?

    var values: [Setting: String] {
        let values: [Setting: String?] = [
            .nfsServer: nfsServer, .nfsPath: nfsPath, .nfsMountOptions: nfsMountOptions,
            .additionalExports: additionalExports, .logLevel: logLevel, .logFormat: logFormat,
        ]
        return values.compactMapValues { $0 }
    }
}
