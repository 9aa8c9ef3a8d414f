import Backup
import Provisioning

extension ControllerConfiguration {
    /// What a setting comes to.
    func effect(of setting: Setting) -> EffectiveValue {
        switch setting {
        case .provisionerName: .text(settings.provisionerName)
        case .additionalProvisionerNames: .list(settings.additionalProvisionerNames)
        case .nfsServer: Self.text(settings.export?.server)
        case .nfsPath: Self.text(settings.export?.path)
        case .nfsMountOptions: .list(settings.mountOptions)
        case .additionalExports: .list(settings.additionalExports.map(\.description))
        case .addFinalizer: .flag(settings.addsFinalizer)
        case .allowEmptyPlaceholders: .flag(settings.allowsEmptyPlaceholders)
        case .deleteAdoptedDirectories: .flag(settings.deletesAdoptedDirectories)
        case .restoreAcrossNamespaces: .flag(settings.restoresAcrossNamespaces)
        case .expansionOvercommitLimit: settings.expansionOvercommitLimit.map { .number($0) } ?? .unset
        case .enableLeaderElection: .flag(electsLeader)
        case .podNamespace: Self.text(namespace)
        case .podName: Self.text(podName)
        case .kubeconfig: Self.text(kubeconfig)
        case .workers: .number(Double(workers))
        case .httpAddress: .text("\(http)")
        case .logLevel: .text("\(log.levels)")
        case .logFormat: .text(log.format.rawValue)
        }
    }

    /// The settings and sections in which another configuration differs, by their names in the file.
    func differences(from other: ControllerConfiguration) -> [String] {
        let settings = Setting.allCases.filter { effect(of: $0) != other.effect(of: $0) }.map(\.fileKey)
        let sections = Section.allCases.filter { section in
            switch section {
            case .retention: retention != other.retention
            case .hooks: hooks != other.hooks
            case .usage: usage != other.usage
            case .reports: reports != other.reports
            case .topology: self.settings.topologies != other.settings.topologies
            }
        }
        return settings + sections.map(\.rawValue)
    }

    /// The same but for what the log, the probes and the report page alone go by: two that are equal in this have the
    /// controller do the same.
    var work: ControllerConfiguration {
        var work = self
        work.log = LogSettings()
        work.reports = nil
        return work
    }

    private static func text(_ value: String?) -> EffectiveValue { value.map { .text($0) } ?? .unset }
}
