import Foundation

extension SettingValues {
    /// The settings of one run of the program.
    ///
    /// - Throws: ``ConfigurationError`` when the configuration file cannot be used.
    init(flags: [Setting: String], config: String?) throws(ConfigurationError) {
        let environment = ProcessInfo.processInfo.environment
        let named = config ?? environment["CONFIG_FILE"].flatMap { $0.isEmpty ? nil : $0 }
        let file = try named.map { path throws(ConfigurationError) in try ConfigurationFile(path: path) }
        self.init(flags: flags, environment: environment, file: file)
    }
}
