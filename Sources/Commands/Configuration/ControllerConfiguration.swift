import Backup
import Kubernetes
import NFS
import Presentation
import Provisioning
import Settings
import Yams

/// The validated configuration of `controller`.
struct ControllerConfiguration: Hashable {
    var settings = ProvisionerSettings()
    /// The server of ``settings``' export. Server and path are set together, or neither.
    var nfsServer: String?
    var nfsPath: String?
    var kubeconfig: String?
    var namespace: String?
    var podName: String?
    var electsLeader = true
    var workers = 16
    var http = SocketAddress(host: "0.0.0.0", port: 8080)
    /// In the order of the file.
    var hooks: [Hook] = []
    var log = LogSettings()
    /// nil if archives are purged only by hand.
    var retention: RetentionPolicy?
    var usage = UsageSchedule()
    /// nil if the reports are not served.
    var reports: ReportServerSettings?
}

extension ControllerConfiguration {
    /// - Throws: ``ConfigurationError`` with every problem.
    init(_ values: SettingValues) throws(ConfigurationError) {
        self.init()
        var values = values
        for setting in Setting.allCases { values.read(setting, into: &self) }
        settings.export = Self.export(&values)
        if let export = settings.export { (nfsServer, nfsPath) = (export.server, export.path) }
        retention = Self.section(.retention, &values, RetentionPolicy.init(_:file:))
        settings.topologies = Self.section(.topology, &values, [ExportPath: Topology].init(_:file:)) ?? [:]
        usage = Self.section(.usage, &values, UsageSchedule.init(_:file:)) ?? usage
        reports = Self.section(.reports, &values, ReportServerSettings.init(_:file:))
        hooks = Self.section(.hooks, &values, [Hook].init(_:file:)) ?? []
        guard values.problems.isEmpty else { throw ConfigurationError(values.problems) }
    }

    private static func export(_ values: inout SettingValues) -> ExportPath? {
        switch (values[.nfsServer], values[.nfsPath]) {
        case (nil, nil):
            return nil
        case (let server?, nil):
            values.note(
                .nfsServer,
                "is \(server), but NFS_PATH is not set: set it to the directory that the server exports"
            )
        case (nil, let path?):
            values.note(.nfsPath, "is \(path), but NFS_SERVER is not set: set it to the server that exports it")
        case (let server?, let path?):
            guard let mistake = ExportPath.mistake(server: server, path: path) else {
                return ExportPath(server: server, path: path)
            }
            let (setting, value) = mistake.isOfServer ? (Setting.nfsServer, server) : (.nfsPath, path)
            values.note(setting, "is \(value.quoted): \(mistake.remedy)")
        }
        return nil
    }

    private static func section<Value>(
        _ section: Section,
        _ values: inout SettingValues,
        _ read: (Yams.Node, String) throws(SectionError) -> Value
    ) -> Value? {
        guard let file = values.file, let entry = file.sections[section] else { return nil }
        do throws(SectionError) {
            return try read(entry.content, file.path)
        } catch {
            for problem in error.problems { values.note("\(problem)", line: problem.line ?? entry.line) }
            return nil
        }
    }
}

extension ControllerConfiguration {
    /// The effective value of a setting.
    func effect(of setting: Setting) -> EffectiveValue { setting.descriptor.effect(self) }

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

    /// The configuration without the parts that only the log and the report page use. Two configurations that are equal
    /// in this make the controller do the same.
    var work: ControllerConfiguration {
        var work = self
        work.log = LogSettings()
        work.reports = nil
        return work
    }
}
