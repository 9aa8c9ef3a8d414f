import ArgumentParser

/// The flags of commands that work on shares: the exports, and the cluster that knows of more.
struct ExportOptions: ParsableArguments {
    /// The settings that say which exports there are.
    enum Settings: SettingGroup {
        static let settings: [Setting] = [
            .nfsServer, .nfsPath, .nfsMountOptions, .additionalExports, .provisionerName, .additionalProvisionerNames,
            .kubeconfig, .logLevel, .logFormat,
        ]
    }

    @OptionGroup var settings: SettingOptions<Settings>

    @Flag(help: "Do not contact the cluster; use only the exports of the settings.")
    var offline = false

    @Option(help: "Only this export, as server:/path.")
    var export: String?

    var config: String? { settings.config }

    var values: [Setting: String] { settings.values }
}
