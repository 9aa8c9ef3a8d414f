import ArgumentParser
import Foundation
import Testing

@testable import Commands

@Suite("A setting's flag, variable, key, default, help and documentation follow from its descriptor")
struct SettingTests {
    private static func row(of setting: Setting) -> String {
        let names = ["--\(setting.flagName)", setting.environmentName, setting.fileKey].map { "`\($0)`" }
        let cells = names + [setting.descriptor.standard ?? "none", setting.descriptor.help]
        return "| \(cells.joined(separator: " | ")) |"
    }

    @Test("docs/configuration.md has a row for each, and no other")
    func documentation() throws {
        let file = MarkdownDocument.project.appending(path: "docs/configuration.md")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
        let head = try #require(lines.firstIndex { $0.hasPrefix("| flag | variable | file |") })
        let rows = lines[(head + 2)...].prefix { $0.hasPrefix("|") }
        let expected = Setting.allCases.map(Self.row)
        #expect(Array(rows) == expected, "write:\n\(expected.joined(separator: "\n"))")
    }

    @Test("controller has a flag for each, which --help explains with its default", arguments: Setting.allCases)
    func flag(setting: Setting) throws {
        let help = SBNFSProvisioner.helpMessage(for: ControllerCommand.self, columns: 1000)
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let standard = setting.descriptor.standard.map { " (default: \($0))" } ?? ""
        #expect(help.contains("--\(setting.flagName) <\(setting.flagName)> \(setting.descriptor.help)\(standard)"))
        let command = try ControllerCommand.parse(["--\(setting.flagName)", "a value", "--config", "file"])
        #expect(command.options.values == [setting: "a value"] && command.options.config == "file")
    }

    @Test("Commands on shares have the flags that name exports and the cluster, and no other of the controller's")
    func exports() throws {
        let arguments = ["list", "--nfs-server", "nas", "--kubeconfig", "k", "--offline"]
        let command = try #require(try ArchiveCommand.parseAsRoot(arguments) as? ArchiveListCommand)
        #expect(command.exports.values == [.nfsServer: "nas", .kubeconfig: "k"] && command.exports.offline)
        #expect(throws: (any Error).self) { try ArchiveCommand.parseAsRoot(["list", "--workers", "1"]) }
    }
}
