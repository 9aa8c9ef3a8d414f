import Settings

/// The values given for settings, each with its source: a flag overrides the environment, the environment the file.
struct SettingValues {
    private struct Value {
        let text: String
        let source: SettingSource
    }

    /// The configuration file; nil if none was given.
    let file: ConfigurationFile?
    private let values: [Setting: Value]
    /// The problems found so far.
    private(set) var problems: [ConfigurationError.Problem]

    /// - Parameters:
    ///   - flags: By setting.
    ///   - environment: The process's environment; an empty variable counts as unset.
    ///   - file: The configuration file, or nil.
    init(flags: [Setting: String], environment: [String: String], file: ConfigurationFile?) {
        var values: [Setting: Value] = [:]
        for setting in Setting.allCases {
            if let text = flags[setting] {
                values[setting] = Value(text: text, source: .flag(setting))
            } else if let text = environment[setting.environmentName], !text.isEmpty {
                values[setting] = Value(text: text, source: .environment(setting))
            } else if let file, let entry = file.values[setting] {
                values[setting] = Value(text: entry.content, source: .file(path: file.path, line: entry.line))
            }
        }
        self.values = values
        self.file = file
        problems = file?.problems ?? []
    }

    subscript(setting: Setting) -> String? { values[setting]?.text }

    func source(of setting: Setting) -> SettingSource { values[setting]?.source ?? .standard }

    func source(of section: Section) -> SettingSource {
        guard let file, let entry = file.sections[section] else { return .standard }
        return .file(path: file.path, line: entry.line)
    }

    /// Reads a setting that is given; an unusable one is noted, and keeps its default.
    mutating func read(_ setting: Setting, into configuration: inout ControllerConfiguration) {
        guard let text = self[setting] else { return }
        do throws(SettingMistake) {
            try setting.descriptor.read(text, &configuration)
        } catch {
            note(setting, error.sentence)
        }
    }

    /// - Parameters:
    ///   - setting: The setting with the mistake.
    ///   - mistake: The end of a sentence about its value.
    mutating func note(_ setting: Setting, _ mistake: String) {
        let source = source(of: setting)
        note("\(source.subject(setting)) \(mistake)", line: source.line)
    }

    mutating func note(_ sentence: String, line: Int?) {
        problems.append(ConfigurationError.Problem(sentence: sentence, line: line))
    }
}

extension SettingValues {
    /// The settings of one run of the program.
    ///
    /// - Throws: ``ConfigurationError`` when the configuration file cannot be used.
    init(flags: [Setting: String], config: String?) throws(ConfigurationError) {
        let source = ConfigurationSource(flags: flags, config: config)
        self.init(flags: flags, environment: source.environment, file: try source.file())
    }
}
