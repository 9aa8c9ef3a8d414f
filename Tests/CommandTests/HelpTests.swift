import ArgumentParser
import Foundation
import Subprocess
import Testing

@testable import Commands

@Suite("--help stands alone, and shells complete the command line")
struct HelpTests {
    private struct Command {
        /// As it is called: `archive list`.
        var name: String
        var type: any ParsableCommand.Type

        var configuration: CommandConfiguration { type.configuration }
        /// What it does by itself, unlike one that only groups others.
        var isLeaf: Bool { configuration.subcommands.isEmpty }
        /// What its help calls the program with, whatever lines that takes.
        var examples: [String] {
            configuration.discussion.replacing(/\\\n */, with: "").split(separator: "\n")
                .map { $0.trimmingCharacters(in: .whitespaces) }
                .filter { $0.hasPrefix("sb-nfs-provisioner ") }
        }

        /// All that are shown, however deep.
        static func all(of parent: any ParsableCommand.Type = SBNFSProvisioner.self, _ prefix: String = "") -> [Command]
        {
            var commands: [Command] = []
            for type in parent.configuration.subcommands where type.configuration.shouldDisplay {
                let command = Command(name: prefix + (type.configuration.commandName ?? "\(type)"), type: type)
                commands += [command] + all(of: type, "\(command.name) ")
            }
            return commands
        }
    }

    @Test("Every command has a summary, and each that does something has an explanation")
    func sentences() {
        let commands = Command.all()
        #expect(commands.contains { $0.name == "archive list" })
        for command in commands {
            #expect(command.configuration.abstract.contains(/[.?]$/), "\(command.name)")
            if command.isLeaf, command.name != "version" {
                #expect(!command.configuration.discussion.isEmpty, "\(command.name)")
            }
            // Longer lines are broken where the terminal ends, and cannot be copied.
            let code = command.configuration.discussion.split(separator: "\n").filter { $0.hasPrefix("  ") }
            #expect(code.allSatisfy { $0.count <= 80 }, "\(command.name)")
        }
        #expect(SBNFSProvisioner.configuration.discussion.contains("Exit codes: 0 "))
    }

    @Test("Every example is for its own command, and that command parses it")
    func examples() throws {
        let commands = Command.all()
        #expect(commands.contains { !$0.examples.isEmpty })
        for command in commands {
            for example in command.examples {
                let parsed = try SBNFSProvisioner.parseAsRoot(Self.arguments(of: example))
                #expect(ObjectIdentifier(type(of: parsed)) == ObjectIdentifier(command.type), "\(example)")
            }
        }
    }

    @Test(
        "The scripts for bash, zsh and fish know every command, and no hidden one",
        arguments: CompletionShell.allCases
    )
    func completionScript(shell: CompletionShell) throws {
        let script = SBNFSProvisioner.completionScript(for: shell)
        for command in Command.all() {
            let word = command.configuration.commandName ?? ""
            let isKnown = script.contains(try Regex("\\b\(word)\\b"))
            #expect(isKnown, "\(command.name)")
        }
        let showsHidden = script.contains(ExecGuardCommand.configuration.commandName ?? "")
        #expect(!showsHidden)
    }

    @Test(
        "bash completes commands, their subcommands and flags",
        arguments: [
            (["arch"], ["archive"]), (["archive", "rel"], ["release-hold"]),
            (["archive", "list", "--older"], ["--older-than"]), (["controller", "--worke"], ["--workers"]),
            (["exec"], []),
        ]
    )
    func bash(words: [String], expected: [String]) async throws {
        let program = """
            \(SBNFSProvisioner.completionScript(for: .bash))
            COMP_WORDS=(sb-nfs-provisioner "$@") COMP_CWORD=$# COMP_LINE="sb-nfs-provisioner $*"
            COMP_POINT=${#COMP_LINE} COMPREPLY=()
            _sb-nfs-provisioner sb-nfs-provisioner "${@: -1}" ''
            printf '%s\\n' "${COMPREPLY[@]}"
            """
        let result = try await Subprocess.run(
            .name("bash"),
            arguments: Arguments(["--norc", "-s", "--"] + words),
            input: .string(program),
            output: .string(limit: 1 << 16),
            error: .string(limit: 1 << 16)
        )
        #expect(result.standardError == "")
        let replies = result.standardOutput.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        #expect(replies == expected)
    }

    /// The words of an example without its program, up to a pipe.
    private static func arguments(of example: String) -> [String] {
        var words: [String] = []
        for (index, part) in example.split(separator: "\"", omittingEmptySubsequences: false).enumerated() {
            if index.isMultiple(of: 2) {
                words += part.split(separator: " ").map(String.init)
            } else {
                words.append(String(part))
            }
        }
        return words.dropFirst().prefix { $0 != "|" }.map { $0 }
    }
}
