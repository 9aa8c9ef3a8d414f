import Kubernetes
import Logging
import NFS
import Provisioning
import Settings

/// The definition of a setting, from which follow its flag's help, how it is read and shown, its default, and its row
/// in docs/configuration.md.
struct SettingDescriptor {
    /// A sentence.
    let help: String
    /// The default, as a flag takes it or in words; nil if there is none.
    let standard: String?
    let read: (String, inout ControllerConfiguration) throws(SettingMistake) -> Void
    let effect: (ControllerConfiguration) -> EffectiveValue

    /// - Parameters:
    ///   - path: The value's place in a configuration, and so its default.
    ///   - kind: How it is read and shown.
    ///   - standard: The default in words, if it is not a value.
    ///   - help: A sentence.
    fileprivate init<Value>(
        _ path: WritableKeyPath<ControllerConfiguration, Value>,
        _ kind: SettingKind<Value>,
        standard: String? = nil,
        _ help: String
    ) {
        self.help = help
        self.standard = standard ?? kind.effect(ControllerConfiguration()[keyPath: path]).text
        read = { text, configuration throws(SettingMistake) in configuration[keyPath: path] = try kind.read(text) }
        effect = { kind.effect($0[keyPath: path]) }
    }
}

extension Setting {
    var descriptor: SettingDescriptor {
        typealias Row = SettingDescriptor
        return switch self {
        case .provisionerName:
            Row(
                \.settings.provisionerName,
                .provisionerName,
                "The provisioner name of the classes and volumes that the controller manages."
            )
        case .additionalProvisionerNames:
            Row(
                \.settings.additionalProvisionerNames,
                .list,
                "Names of former provisioners whose classes and volumes it also manages, comma-separated."
            )
        case .nfsServer:
            Row(\.nfsServer, .text, "The NFS server of classes that name none.")
        case .nfsPath:
            Row(\.nfsPath, .text, "The exported directory of that server, in which volumes are created.")
        case .nfsMountOptions:
            Row(
                \.settings.mountOptions,
                .mountOptions,
                "Mount options for that server, as in nfs(5): port, mountport, nfsvers=3, timeo, retrans."
            )
        case .additionalExports:
            Row(
                \.settings.additionalExports,
                .exports,
                "Further exports that contain volumes, as server:/path, comma-separated."
            )
        case .addFinalizer:
            Row(
                \.settings.addsFinalizer,
                .flag,
                "Whether volumes get the finalizer that keeps them until their data is reclaimed."
            )
        case .allowEmptyPlaceholders:
            Row(\.settings.allowsEmptyPlaceholders, .flag, "Whether a placeholder of a path pattern may be empty.")
        case .deleteAdoptedDirectories:
            Row(
                \.settings.deletesAdoptedDirectories,
                .flag,
                "Whether onDelete: delete deletes a directory that existed before its volume."
            )
        case .restoreAcrossNamespaces:
            Row(
                \.settings.restoresAcrossNamespaces,
                .flag,
                "Whether a claim may restore an archive of another namespace."
            )
        case .expansionOvercommitLimit:
            Row(
                \.settings.expansionOvercommitLimit,
                .factor,
                standard: "no limit",
                "How far expansions may overcommit an export, as a multiple of its size."
            )
        case .enableLeaderElection:
            Row(\.electsLeader, .flag, "Whether replicas elect a leader.")
        case .podNamespace:
            Row(
                \.namespace,
                .text,
                standard: "the pod's own, or the kubeconfig's, or default",
                "The namespace of the lease."
            )
        case .podName:
            Row(\.podName, .text, standard: "the host's name", "The pod's name, for events and the lease.")
        case .kubeconfig:
            Row(\.kubeconfig, .text, standard: "the cluster the pod runs in, or ~/.kube/config", "A kubeconfig.")
        case .workers:
            Row(\.workers, .number(in: 1...256), "How many claims, and how many volumes, are processed in parallel.")
        case .httpAddress:
            Row(\.http, .address, "Where /livez, /readyz and /metrics are served.")
        case .logLevel:
            Row(
                \.log.levels,
                .logLevels,
                "trace, debug, info, notice, warning, error or critical; for single subsystems, as in info,nfs=debug."
            )
        case .logFormat:
            Row(\.log.format, .logFormat, "text, or json: one object per line.")
        }
    }
}

extension SettingKind<String> {
    /// A domain name, or two joined by a slash: a class accepts no other name, and the lease is named after it.
    fileprivate static var provisionerName: Self {
        let expected =
            "use a name such as \(ProvisionerSettings().provisionerName): letters, digits, dots, dashes and a slash"
        return Self(expected: expected, effect: { .text($0) }) { name in
            let domain = /[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/
            let parts = name.lowercased().split(separator: "/", omittingEmptySubsequences: false)
            let isName =
                parts.count <= 2 && name.utf8.count <= 253 && parts.allSatisfy { $0.wholeMatch(of: domain) != nil }
            return isName ? name : nil
        }
    }
}

extension SettingKind<[String]> {
    fileprivate static var mountOptions: Self {
        list(checked: { options throws(SettingMistake) in
            do {
                _ = try ConnectionOptions.parse(options)
            } catch {
                throw SettingMistake("cannot be used: \(error)")
            }
        })
    }
}

extension SettingKind<[ExportPath]> {
    fileprivate static var exports: Self {
        let list = SettingKind<[String]>.list
        return Self(
            read: { text throws(SettingMistake) in
                let paths = try list.read(text)
                let mistakes = paths.filter { ExportPath($0) == nil }.map { "\"\($0)\"" }
                guard mistakes.isEmpty else {
                    let those = mistakes.joined(separator: ", ")
                    throw SettingMistake("has \(those), which cannot be used: write server:/path")
                }
                return paths.compactMap { ExportPath($0) }
            },
            effect: { .list($0.map(\.description)) }
        )
    }
}

extension SettingKind<Double?> {
    fileprivate static var factor: Self {
        let expected = "use a number above 0, such as 3 for three times the export's size"
        return Self(expected: expected, effect: { $0.map { .number($0) } ?? .unset }) { text in
            Double(text).flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
        }
    }
}

extension SettingKind<SocketAddress> {
    fileprivate static var address: Self {
        Self(expected: "use host:port, such as 0.0.0.0:8080", effect: { .text("\($0)") }) { SocketAddress($0) }
    }
}

extension SettingKind<LogLevels> {
    fileprivate static var logLevels: Self {
        Self(expected: LogLevels.expected, effect: { .text("\($0)") }) { LogLevels($0) }
    }
}

extension SettingKind<LogFormat> {
    fileprivate static var logFormat: Self {
        Self(expected: "use text or json", effect: { .text($0.rawValue) }) { LogFormat(rawValue: $0.lowercased()) }
    }
}
