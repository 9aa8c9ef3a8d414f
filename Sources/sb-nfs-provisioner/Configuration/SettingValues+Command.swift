import Foundation

extension SettingValues {
    /// The settings of one run of the program.
    ///
    /// - Throws: ``ConfigurationError`` when the configuration file cannot be used.
    init(flags: [Setting: String], config: String?) throws(ConfigurationError) {
        let file = try config.map { path throws(ConfigurationError) in try ConfigurationFile(path: path) }
        self.init(flags: flags, environment: ProcessInfo.processInfo.environment, file: file)
    }
}
