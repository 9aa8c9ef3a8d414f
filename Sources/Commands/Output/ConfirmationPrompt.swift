import ArgumentParser
import Foundation
import Presentation

/// Asks whether to go on, before a command changes something.
struct ConfirmationPrompt {
    /// The command as it is called: `archive hold`.
    let command: String
    let options: ChangeOptions
    var input = FileHandle.standardInput
    var error = FileHandle.standardError

    /// Whether the command stops after its plan.
    var isDryRun: Bool { options.dryRun }

    /// Refuses to start if nobody can answer the question.
    ///
    /// - Throws: Exit code 64, after a sentence on standard error.
    func requireAnswer() throws(ExitCode) {
        guard !options.dryRun, !options.yes, !isInteractive else { return }
        let sentence = "\(command): no terminal to ask on; use --yes to go on, or --dry-run to see what it would do"
        throw ExitCode.validationFailure.saying(ConfigurationError(sentence))
    }

    /// Prints the plan on standard output for a dry run; else shows it on standard error, and asks.
    ///
    /// - Returns: Whether to carry it out.
    /// - Throws: Exit code 1 if the answer is no.
    func agrees(to plan: String) throws(ExitCode) -> Bool {
        guard options.dryRun else {
            try ask(plan)
            return true
        }
        print(plan)
        return false
    }

    /// Shows the plan on standard error, and asks unless `--yes` is given.
    ///
    /// - Throws: Exit code 1 if the answer is no.
    func ask(_ plan: String) throws(ExitCode) {
        write("\(plan)\n")
        guard !options.yes else { return }
        write("Continue? [y/N] ")
        guard ["y", "yes"].contains(answer.lowercased()) else {
            throw ExitCode.failure.saying(ConfigurationError("\(command): not confirmed; nothing was changed"))
        }
    }

    private var isInteractive: Bool { input.isTerminal && error.isTerminal }

    /// One line of standard input, without surrounding spaces; empty at the end of the file.
    private var answer: String {
        var line = Data()
        while let byte = try? input.read(upToCount: 1), let first = byte.first, first != UInt8(ascii: "\n") {
            line.append(first)
        }
        return String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespaces)
    }

    private func write(_ text: String) {
        try? error.write(contentsOf: Data(text.utf8))
    }
}
