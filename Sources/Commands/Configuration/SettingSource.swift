/// The source of a setting's value.
enum SettingSource: Hashable {
    case flag(Setting)
    case environment(Setting)
    case file(path: String, line: Int)
    case standard

    /// The line in the file, from 1; nil for any other source.
    var line: Int? {
        if case .file(_, let line) = self { line } else { nil }
    }

    /// The beginning of a sentence about the value.
    func subject(_ setting: Setting) -> String {
        switch self {
        case .flag: "the flag --\(setting.flagName)"
        case .environment: "the environment variable \(setting.environmentName)"
        case .file(let path, let line): "\(setting.fileKey) in \(path), line \(line),"
        case .standard: setting.environmentName
        }
    }
}

extension SettingSource: CustomStringConvertible {
    var description: String {
        switch self {
        case .flag(let setting): "flag --\(setting.flagName)"
        case .environment(let setting): "environment \(setting.environmentName)"
        case .file(let path, let line): "file \(path) line \(line)"
        case .standard: "default"
        }
    }
}
