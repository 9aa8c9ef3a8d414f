import ArgumentParser
import Foundation
import Presentation

/// The flags of a command that prints something: the format and the destination.
struct OutputOptions<Contents: Printable>: ParsableArguments {
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("\(Contents.formats.choice). (default: \(Contents.formats[0]))", valueName: "format"),
        completion: .list(Contents.formats.map(\.rawValue)),
        transform: Self.format
    )
    var output: OutputFormat = Contents.formats[0]

    @Option(
        help: ArgumentHelp("Write to this file, atomically. (default: standard output)", valueName: "path"),
        completion: .file()
    )
    var outputFile: String?

    /// Whether neither flag is given.
    var isDefault: Bool { output == Contents.formats[0] && outputFile == nil }

    /// - Throws: `ValidationError` for a format that the command does not offer.
    private static func format(_ name: String) throws -> OutputFormat {
        guard let format = OutputFormat(rawValue: name), Contents.formats.contains(format) else {
            throw ValidationError("use \(Contents.formats.choice)")
        }
        return format
    }

    /// Prints the contents on standard output, or writes them to the requested file.
    ///
    /// - Throws: ``OutputFileError``, and an error of standard output.
    func print(_ contents: Contents) throws {
        guard let outputFile else {
            let text = try Output.render(contents, as: output, FileHandle.standardOutput.tableStyle)
            try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
            return
        }
        let data = Data(try Output.render(contents, as: output).utf8)
        do {
            try data.write(to: URL(filePath: outputFile), options: .atomic)
        } catch {
            throw OutputFileError(description: "write the output to \(outputFile): \(error.localizedDescription)")
        }
    }
}
