/// What can be measured alone; the order is that of the run, with what leaves the most behind last. The reports' records
/// alone are most of what the NFS server keeps in memory.
enum Measurement: String, CaseIterable {
    case single
    case tree
    case report
    case throughput
    case fairness
    case scale

    func take(on bench: Bench, into figures: inout Figures) async throws {
        switch self {
        case .report: try await ReportMeasurement(bench: bench).take(into: &figures)
        case .single: try await SingleMeasurement(bench: bench).take(into: &figures)
        case .tree: try await TreeMeasurement(bench: bench).take(into: &figures)
        case .throughput: try await ThroughputMeasurement(bench: bench).take(into: &figures)
        case .fairness: try await FairnessMeasurement(bench: bench).take(into: &figures)
        case .scale: try await ScaleMeasurement(bench: bench).take(into: &figures)
        }
    }
}
