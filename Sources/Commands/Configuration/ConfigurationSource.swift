import Foundation

/// The sources of this run's settings. Flags and environment stay the same; the file may change.
struct ConfigurationSource {
    let flags: [Setting: String]
    let environment: [String: String]
    /// The configuration file; nil if none was given.
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

    /// The values that result from a version of the file.
    ///
    /// - Parameter text: The file's text; nil if there is no file.
    /// - Returns: The values, including those of flags and environment.
    /// - Throws: ``ConfigurationError`` if the text is not a mapping of settings to values.
    func values(_ text: String?) throws(ConfigurationError) -> SettingValues {
        var file: ConfigurationFile?
        if let path, let text { file = try ConfigurationFile(path: path, text: text) }
        return SettingValues(flags: flags, environment: environment, file: file)
    }
}
