import Foundation

/// Where the settings of this run come from. Flags and environment stay as they are; the file may change.
struct ConfigurationSource {
    let flags: [Setting: String]
    let environment: [String: String]
    /// The configuration file; nil: none was given.
    let path: String?

    init(flags: [Setting: String], config: String?) {
        self.flags = flags
        environment = ProcessInfo.processInfo.environment
        path = config ?? environment["CONFIG_FILE"].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The file as it is now; nil if there is none.
    ///
    /// - Throws: ``ConfigurationError``.
    func file() throws(ConfigurationError) -> ConfigurationFile? {
        try path.map { path throws(ConfigurationError) in try ConfigurationFile(path: path) }
    }

    /// The values that the file was read with some time.
    ///
    /// - Parameter text: What was in the file; nil if there is none.
    /// - Returns: The values, of flags and environment too.
    /// - Throws: ``ConfigurationError`` if it is no mapping of settings to values.
    func values(_ text: String?) throws(ConfigurationError) -> SettingValues {
        var file: ConfigurationFile?
        if let path, let text { file = try ConfigurationFile(path: path, text: text) }
        return SettingValues(flags: flags, environment: environment, file: file)
    }
}
