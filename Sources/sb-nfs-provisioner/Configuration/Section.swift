/// A part of the configuration file with a structure of its own; there is no flag and no environment variable for it.
enum Section: String, CaseIterable {
    case retention, hooks, usage, reports, topology
}
