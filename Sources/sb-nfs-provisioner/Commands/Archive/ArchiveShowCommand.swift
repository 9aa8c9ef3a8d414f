import ArgumentParser
import Foundation
import Provisioning

struct ArchiveShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Print an archive's record.")

    @OptionGroup var exports: ExportOptions

    @Argument(help: "The archive, as list names it.")
    var id: String

    func run() async throws {
        try await SharesInUse.run(exports) { shares in
            let record = try await shares.share(of: id).archive(id)
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            print(String(decoding: try encoder.encode(record), as: UTF8.self))
        }
    }
}
