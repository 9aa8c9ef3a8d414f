import Backup
import Kubernetes
import NFS
import Presentation
import Provisioning
import Settings
import Yams

/// Everything that `controller` was told, checked.
struct ControllerConfiguration: Hashable {
    var settings = ProvisionerSettings()
    var kubeconfig: String?
    var namespace: String?
    var podName: String?
    var electsLeader = true
    var workers = 16
    var http = SocketAddress(host: "0.0.0.0", port: 8080)
    /// In the order of the file.
    var hooks: [Hook] = []
    var log = LogSettings()
    /// nil: nothing is ever purged but by hand.
    var retention: RetentionPolicy?
    var usage = UsageSchedule()
    /// nil: the reports are not served.
    var reports: ReportServerSettings?

    /// - Throws: ``ConfigurationError`` with every problem there is.
    init(_ values: SettingValues) throws(ConfigurationError) {
        var values = values
        settings.provisionerName = values.value(
            .provisionerName,
            default: settings.provisionerName,
            expected: "use a name such as \(settings.provisionerName): letters, digits, dots, dashes and a slash"
        ) { Self.isProvisionerName($0) ? $0 : nil }
        settings.additionalProvisionerNames = values.list(.additionalProvisionerNames)
        settings.export = Self.export(&values)
        settings.mountOptions = values.list(.nfsMountOptions)
        do {
            _ = try ConnectionOptions.parse(settings.mountOptions)
        } catch {
            values.note(.nfsMountOptions, "cannot be used: \(error)")
        }
        settings.additionalExports = values.list(.additionalExports).compactMap { text in
            if let export = ExportPath(text) { return export }
            values.note(.additionalExports, "has \"\(text)\", which cannot be used: write server:/path")
            return nil
        }
        settings.addsFinalizer = Self.flag(.addFinalizer, true, &values)
        settings.allowsEmptyPlaceholders = Self.flag(.allowEmptyPlaceholders, false, &values)
        settings.deletesAdoptedDirectories = Self.flag(.deleteAdoptedDirectories, false, &values)
        settings.restoresAcrossNamespaces = Self.flag(.restoreAcrossNamespaces, false, &values)
        settings.expansionOvercommitLimit = values.value(
            .expansionOvercommitLimit,
            default: nil,
            expected: "use a number above 0, such as 3 for three times the export's size"
        ) { text in Double(text).flatMap { $0 > 0 && $0.isFinite ? $0 : nil } }
        electsLeader = Self.flag(.enableLeaderElection, true, &values)
        kubeconfig = values[.kubeconfig]
        namespace = values[.podNamespace]
        podName = values[.podName]
        workers = values.value(.workers, default: workers, expected: "use a number from 1 to 256") { text in
            Int(text).flatMap { (1...256).contains($0) ? $0 : nil }
        }
        http = values.value(.httpAddress, default: http, expected: "use host:port, such as 0.0.0.0:8080") { text in
            SocketAddress(text)
        }
        log.levels = values.value(.logLevel, default: log.levels, expected: LogLevels.expected) { LogLevels($0) }
        log.format = values.value(.logFormat, default: log.format, expected: "use text or json") { text in
            LogFormat(rawValue: text.lowercased())
        }
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
                "is \(server), but NFS_PATH is not set: set it to the directory which that server exports"
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

    private static func flag(_ setting: Setting, _ standard: Bool, _ values: inout SettingValues) -> Bool {
        values.value(setting, default: standard, expected: "use true or false") { Bool(goWord: $0) }
    }

    /// A domain name, or two with a slash between: a class accepts no other, and the lease is named after it.
    private static func isProvisionerName(_ name: String) -> Bool {
        let domain = /[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/
        let parts = name.lowercased().split(separator: "/", omittingEmptySubsequences: false)
        return parts.count <= 2 && name.utf8.count <= 253 && parts.allSatisfy { $0.wholeMatch(of: domain) != nil }
    }
}

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

/// A setting's value as in effect, written as the configuration file has it.
enum EffectiveValue: Hashable {
    case unset
    case flag(Bool)
    case number(Double)
    case text(String)
    case list([String])

    /// nil for ``unset``, which a file says by not naming the setting.
    var yaml: Yams.Node? {
        switch self {
        case .unset: nil
        case .flag(let value): Yams.Node("\(value)")
        case .number(let value): Yams.Node(Int(exactly: value).map { "\($0)" } ?? "\(value)")
        case .text(let value): Yams.Node(value, Tag(.str))
        case .list(let values): Yams.Node(values.map { Yams.Node($0, Tag(.str)) }, .implicit, .flow)
        }
    }

    var json: JSONValue {
        switch self {
        case .unset: .null
        case .flag(let value): .bool(value)
        case .number(let value): Int64(exactly: value).map { .integer($0) } ?? .number(value)
        case .text(let value): .string(value)
        case .list(let values): .array(values.map { .string($0) })
        }
    }
}
