extension SettingValues {
    /// The settings of one run of the program.
    ///
    /// - Throws: ``ConfigurationError`` when the configuration file cannot be used.
    init(flags: [Setting: String], config: String?) throws(ConfigurationError) {
        let source = ConfigurationSource(flags: flags, config: config)
        self.init(flags: flags, environment: source.environment, file: try source.file())
    }
}
