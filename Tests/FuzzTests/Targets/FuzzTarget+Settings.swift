import Foundation
import NFS
import Presentation
import Yams

@testable import Commands
@testable import Provisioning

extension FuzzTarget {
    /// What `config print` says of a configuration is the same configuration, unless a part of it is not shown.
    static let configuration = text("configuration", cases: 1800) { text in
        let values: SettingValues
        let configuration: ControllerConfiguration
        do throws(ConfigurationError) {
            let file = try ConfigurationFile(path: "/c.yaml", text: text)
            values = SettingValues(flags: [:], environment: [:], file: file)
            configuration = try ControllerConfiguration(values)
        } catch {
            try holdSentence(error)
            try hold(!error.problems.isEmpty, "no problem is named")
            return false
        }
        let report = ConfigurationReport(configuration, values)
        _ = try Output.render(report, as: .json)
        let printed = try report.yaml
        guard !printed.hasPrefix("# Values that may be secrets") else { return true }
        let file = try ConfigurationFile(path: "/c.yaml", text: printed)
        let again = try ControllerConfiguration(SettingValues(flags: [:], environment: [:], file: file))
        try hold(again == configuration, "it is printed as another:\n\(printed)")
        return true
    }

    /// A list of mount options, or the address of an export.
    static let mountOptions = text("mount-options") { text in
        if let export = ExportPath(text) {
            try hold(ExportPath("\(export)") == export, "\(export) is read as another export")
        }
        let options: ConnectionOptions
        do {
            options = try ConnectionOptions.parse([text])
        } catch {
            try holdSentence(error)
            return false
        }
        let words = try ConnectionOptions.parse(text.split(separator: ",").map(String.init))
        try hold(options == words, "a list of options and its words are not the same")
        return true
    }

    /// A parameter a line, `name=value`.
    static let classParameters = text("class-parameters") { text in
        let pairs = text.split(separator: "\n").map { line in
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), parts.count == 2 ? String(parts[1]) : "")
        }
        let parameters = Dictionary(pairs) { $1 }
        let read: ClassParameters
        do throws(ParameterError) {
            read = try ClassParameters(parameters)
        } catch {
            try holdSentence(error)
            // Some names count in any case.
            let given = parameters.filter { $0.key.lowercased() == error.parameter.lowercased() }.map(\.value)
            try hold((given + [""]).contains(error.value), "\(error.parameter) is not \(error.value)")
            return false
        }
        let action = try ClassParameters.releaseAction(of: parameters)
        try hold(read.releaseAction == action, "its volumes are released otherwise than their class says")
        try hold(read.mode ?? 0 <= 0o7777 && read.uid != .max && read.gid != .max, "no server takes its mode or owner")
        return true
    }

    /// A template, and below it a line each the claim's namespace and name, the volume's name, a label and an annotation.
    static let pathTemplate = text("path-template") { text in
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        func line(_ index: Int) -> String { index < lines.count ? lines[index] : "" }
        var values = PathTemplate.Values(namespace: line(1), claim: line(2), volume: line(3))
        (values.labels, values.annotations) = (["a": line(4)], ["a": line(5)])
        var isPath = false
        for allowsEmptyValues in [false, true] {
            let path: VolumePath
            do {
                let template = try PathTemplate(line(0))
                path = try template.path(for: values, allowsEmptyValues: allowsEmptyValues)
            } catch {
                try holdSentence(error)
                continue
            }
            isPath = true
            try hold((1...VolumePath.maximumDepth).contains(path.names.count), "\(path) is too deep")
            for name in path.names {
                try hold(!name.utf8.contains { [0, UInt8(ascii: "/")].contains($0) }, "\(name) is no name")
                try hold(
                    !["", ".", "..", ".sb-nfs-provisioner"].contains(name.lowercased()),
                    "\(name) is not a volume's"
                )
            }
            try hold(try VolumePath(recorded: "\(path)") == path, "\(path) is recorded as another")
            let archive = ArchiveName.name(for: path.basename.description, suffix: "20260131T080000Z")
            try hold(ArchiveName.isArchive(archive) && archive.utf8.count <= NFSName.maximumLength, archive)
        }
        return isPath
    }
}
