import ArgumentParser

/// The settings that a command has flags for.
protocol SettingGroup {
    static var settings: [Setting] { get }
}

/// A flag for each setting of a group, and one for the configuration file.
///
/// The flags are not properties but follow from the settings: ArgumentParser reads a type's flags from its mirror, and
/// passes their values through its decoder.
struct SettingOptions<Group: SettingGroup>: ParsableArguments, CustomReflectable {
    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(_ name: String) { stringValue = name }
        init(stringValue: String) { self.init(stringValue) }
        init?(intValue: Int) { nil }
    }

    /// The values of the flags that were given.
    let values: [Setting: String]
    /// The configuration file's path, if one was given.
    let config: String?

    init() { (values, config) = ([:], nil) }

    init(from decoder: any Decoder) throws {
        let flags = try decoder.container(keyedBy: Key.self)
        func value(_ name: String) throws -> String? {
            try flags.decode(Option<String?>.self, forKey: Key(name)).wrappedValue
        }
        config = try value("config")
        var values: [Setting: String] = [:]
        for setting in Group.settings { values[setting] = try value(setting.rawValue) }
        self.values = values
    }

    var customMirror: Mirror {
        let config = Option<String?>(
            help: """
                A YAML file of settings in camel case (nfsServer: …); or CONFIG_FILE=…. Flags override the \
                environment (NFS_SERVER=…), which overrides the file.
                """
        )
        let flags = Group.settings.map { setting in
            let (help, standard) = (setting.descriptor.help, setting.descriptor.standard)
            let text = help + (standard.map { " (default: \($0))" } ?? "")
            return (
                label: String?.some("_\(setting.rawValue)"), value: Option<String?>(help: ArgumentHelp(text)) as Any
            )
        }
        return Mirror(self, children: [(label: "_config", value: config)] + flags)
    }
}

/// The settings of `controller`.
enum ControllerSettings: SettingGroup {
    static let settings = Setting.allCases
}

typealias ControllerOptions = SettingOptions<ControllerSettings>
