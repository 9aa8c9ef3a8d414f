import ArgumentParser
import Provisioning
import Reports

struct ArchiveShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Print an archive's record.")

    @OptionGroup var exports: ExportOptions

    @Argument(help: "The archive, as list names it.")
    var id: String

    func run() async throws {
        try await SharesInUse.run(exports, changes: false) { shares in
            print(try String(json: try await shares.share(of: id).archive(id)))
        }
    }
}
