import ArgumentParser
import Foundation
import TestBed
import Testing

@testable import Commands

@Suite("Commands that change something ask first")
struct ConfirmationPromptTests {
    private static func options(_ arguments: String...) throws -> ChangeOptions { try ChangeOptions.parse(arguments) }

    @Test("At a terminal it shows the plan and asks; y and yes go on", arguments: ["y", "Yes", " YES "])
    func agreed(answer: String) throws {
        let terminal = try PseudoTerminal()
        try terminal.type(answer + "\n")
        let confirmation = ConfirmationPrompt(
            command: "archive hold",
            options: try Self.options(),
            input: terminal.handle,
            error: terminal.handle
        )
        try confirmation.requireAnswer()
        #expect(try confirmation.agrees(to: "hold archive pvc-1"))
        let screen = terminal.screen()
        #expect(screen.contains("hold archive pvc-1\r\nContinue? [y/N] "))
    }

    @Test("Anything else is a no, and so is the end of the input", arguments: ["n\n", "\n", "yesterday\n", "\u{4}"])
    func declined(answer: String) throws {
        let terminal = try PseudoTerminal()
        try terminal.type(answer)
        let confirmation = ConfirmationPrompt(
            command: "archive hold",
            options: try Self.options(),
            input: terminal.handle,
            error: terminal.handle
        )
        #expect(throws: ExitCode.failure) { try confirmation.agrees(to: "hold archive pvc-1") }
    }

    @Test("Without a terminal it refuses with exit code 64, unless --yes or --dry-run is given")
    func refused() throws {
        let terminal = try PseudoTerminal()
        let pipe = Pipe()
        func confirmation(_ arguments: String..., input: FileHandle, error: FileHandle) throws -> ConfirmationPrompt {
            ConfirmationPrompt(
                command: "recover",
                options: try ChangeOptions.parse(arguments),
                input: input,
                error: error
            )
        }
        let (reader, writer) = (pipe.fileHandleForReading, pipe.fileHandleForWriting)
        for (input, error) in [(reader, writer), (terminal.handle, writer), (reader, terminal.handle)] {
            let silent = try confirmation(input: input, error: error)
            #expect(throws: ExitCode(64)) { try silent.requireAnswer() }
            try confirmation("--yes", input: input, error: error).requireAnswer()
            try confirmation("--dry-run", input: input, error: error).requireAnswer()
        }
        let yes = try confirmation("--yes", input: reader, error: writer)
        #expect(try yes.agrees(to: "create claim a/b"))
        try writer.close()
        #expect(try reader.readToEnd() == Data("create claim a/b\n".utf8))
    }

    @Test("A dry run stops after the plan, also with --yes")
    func dryRun() throws {
        for arguments in [["--dry-run"], ["--dry-run", "--yes"]] {
            let confirmation = ConfirmationPrompt(command: "recover", options: try ChangeOptions.parse(arguments))
            #expect(try !confirmation.agrees(to: "plan"))
        }
    }
}
