import ArgumentParser
import Provisioning
import Reports

struct ReportAuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "What was made, archived, restored and purged, when, why and by whom; oldest first.",
        discussion: """
              sb-nfs-provisioner report audit --since 2026-01-01 --namespace clinic
              sb-nfs-provisioner report audit --state purged,deleted --format json
            """
    )

    @OptionGroup var options: ReportOptions

    func validate() throws { try options.validateStates(AuditEntry.Deed.allCases.map(\.rawValue)) }

    func run() async throws {
        try await ReportRun(options: options).perform(
            { filter in
                let log = ShareReading.Part.audit(since: filter.since, until: filter.until)
                return filter.classes.isEmpty ? [log] : [.records, log]
            },
            make: { AuditReport(of: $0, filter: $1) }
        )
    }
}
