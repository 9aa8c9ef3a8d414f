import Backup
import NFS
import Provisioning
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
            if let export = ExportPath(server: server, path: path) { return export }
            values.note(.nfsPath, "is \"\(path)\": use an absolute path without . or .. in it")
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
