import ArgumentParser
import Kubernetes
import Reports

/// The flags of every report.
struct ReportOptions: ParsableArguments {
    @OptionGroup var exports: ExportOptions

    @Option(help: "Only what happened since then: a time (RFC 3339), a day (2026-01-31), or an age such as 7d.")
    var since: ReportMoment?

    @Option(help: "Only what happened until then, in the same forms; a day counts to its end.")
    var until: ReportMoment?

    @Option(name: .shortAndLong, help: "Only claims in this namespace; may be repeated, or comma-separated.")
    var namespace: [String] = []

    @Option(name: .customLong("class"), help: "Only this storage class; may be repeated, or comma-separated.")
    var storageClass: [String] = []

    @Option(help: "Only this state, or this action of the audit log; may be repeated, or comma-separated.")
    var state: [String] = []

    @Flag(help: "Only problems.")
    var failuresOnly = false

    @OptionGroup var output: OutputOptions<PrintedReport>

    /// - Throws: `ValidationError` if the period ends before it begins: an empty report would look healthy.
    func validate() throws {
        let now = Timestamp.now
        guard let since, let until, until.end(now: now) < since.start(now: now) else { return }
        throw ValidationError("--until is before --since: give a later --until")
    }

    func filter(now: Timestamp) -> ReportFilter {
        ReportFilter(
            since: since?.start(now: now),
            until: until?.end(now: now),
            namespaces: namespace.elements,
            classes: storageClass.elements,
            states: state.elements,
            failuresOnly: failuresOnly
        )
    }

    /// - Throws: `ValidationError` for an unknown state: an empty report would look healthy.
    func validateStates(_ known: [String]) throws {
        let words = known.map { $0.lowercased() }
        for state in state.elements where !words.contains(state.lowercased()) {
            throw ValidationError("--state is \"\(state)\": use one of \(known.joined(separator: ", "))")
        }
    }
}

extension [String] {
    /// The values of an option that takes several, comma-separated.
    var elements: [String] {
        flatMap { $0.split(separator: ",") }.map { $0.trimmingPrefix(" ") }.filter { !$0.isEmpty }.map(String.init)
    }
}
