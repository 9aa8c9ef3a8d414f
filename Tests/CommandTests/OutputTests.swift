import ArgumentParser
import Foundation
import Glibc
import Presentation
import Provisioning
import Testing
import Yams

@testable import Commands

@Suite("Output: one format, one way to write it")
struct OutputTests {
    private static var list: ArchiveListing.Document {
        ArchiveListing.Document(archives: [
            ArchiveListing(.unreadable(name: "true", reason: "no: yes\u{1B}"), on: "nas1:/srv"),
            ArchiveListing(.foreign(name: "0123"), on: "nas1:/srv"),
        ])
    }

    @Test("A list is a table, a wider table, JSON, YAML or CSV")
    func list() throws {
        let table = try Output.render(Self.list, as: .table)
        #expect(table.hasPrefix("ID    NAMESPACE  CLAIM  STATE "))
        #expect(!table.contains("EXPORT") && table.split(separator: "\n").count == 3)
        let wide = try Output.render(Self.list, as: .wide)
        #expect(wide.contains("EXPORT") && wide.contains("nas1:/srv"))
        let csv = try Output.render(Self.list, as: .csv)
        #expect(csv.hasPrefix(ArchiveListing.header.joined(separator: ",") + "\r\n"))
        let json = Data(try Output.render(Self.list, as: .json).utf8)
        #expect(try JSONDecoder().decode(ArchiveListing.Document.self, from: json).archives == Self.list.archives)
    }

    @Test("YAML reads as the JSON does: a name like a number or a truth value stays a text")
    func yaml() throws {
        let text = try Output.render(Self.list, as: .yaml)
        #expect(!text.contains("\u{1B}"))
        let read = try YAMLDecoder().decode(ArchiveListing.Document.self, from: text)
        #expect(read.archives == Self.list.archives)
        #expect(text.contains("id: 'true'") && text.contains("id: '0123'"))
    }

    @Test("A command refuses a format that it does not offer, and names those that it does")
    func refused() {
        func message(_ type: any ParsableCommand.Type, _ arguments: [String]) -> String {
            do {
                _ = try type.parse(arguments)
                return ""
            } catch {
                return type.message(for: error)
            }
        }
        let list = "The value 'html' is invalid for '-o <format>': use table, wide, json, yaml or csv"
        #expect(message(ArchiveListCommand.self, ["-o", "html"]) == list)
        #expect(message(DoctorCommand.self, ["-o", "csv"]).hasSuffix(": use table, json or yaml"))
        #expect(message(ConfigPrintCommand.self, ["-o", "table"]).hasSuffix(": use yaml or json"))
        let report = message(ReportAuditCommand.self, ["--output", "text"])
        #expect(report.hasSuffix(": use table, wide, json, yaml, csv, markdown or html"))
        #expect(message(RecoverCommand.self, ["-o", "yaml"]) == "-o and --output-file need --dry-run")
        #expect(message(RecoverCommand.self, ["--dry-run", "-o", "yaml"]) == "")
        let purge = message(ArchivePurgeCommand.self, ["--expired", "--without-backup"])
        #expect(purge.hasPrefix("--without-backup needs the name of one archive"))
    }

    @Test("Help names the formats of each command, and the flags are the same everywhere")
    func help() {
        let help = ArchiveListCommand.helpMessage(columns: 200)
        #expect(help.contains("-o, --output <format>   table, wide, json, yaml or csv. (default: table)"))
        #expect(help.contains("-n, --namespace") && help.contains("--class") && help.contains("--output-file <path>"))
        for command in [ReportUsageCommand.helpMessage(columns: 200), CopyListCommand.helpMessage(columns: 200)] {
            #expect(command.contains("-n, --namespace") && command.contains("--output-file <path>"))
        }
    }

    @Test("--output-file writes the file atomically, and a missing folder is an error message")
    func file() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "output-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "list.csv").path()
        let options = try OutputOptions<ArchiveListing.Document>.parse(["-o", "csv", "--output-file", file])
        try options.print(Self.list)
        #expect(try String(contentsOfFile: file, encoding: .utf8) == Self.list.csv)
        let nowhere = try OutputOptions<ArchiveListing.Document>.parse(["--output-file", "/nowhere/list"])
        #expect(throws: OutputFileError.self) { try nowhere.print(Self.list) }
    }

    @Test("The width is that of the terminal, or COLUMNS; a pipe has none")
    func width() throws {
        var (controller, terminal): (Int32, Int32) = (-1, -1)
        var size = winsize(ws_row: 24, ws_col: 72, ws_xpixel: 0, ws_ypixel: 0)
        try #require(openpty(&controller, &terminal, nil, nil, &size) == 0)
        defer { for descriptor in [controller, terminal] { close(descriptor) } }
        let handle = FileHandle(fileDescriptor: terminal, closeOnDealloc: false)
        #expect(handle.terminalWidth([:]) == 72)
        #expect(handle.terminalWidth(["COLUMNS": "100"]) == 100 && handle.terminalWidth(["COLUMNS": "x"]) == 72)
        #expect(Pipe().fileHandleForWriting.terminalWidth(["COLUMNS": "100"]) == nil)
    }
}
