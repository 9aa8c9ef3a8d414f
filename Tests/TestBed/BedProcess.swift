import Foundation

/// One of the processes behind a test bed that is nobody else's: stopped and started again as `scripts/bed.sh` does it.
package enum BedProcess: String, CaseIterable, Sendable {
    case etcd
    case apiServer = "api-server"
    case controllerManager = "controller-manager"

    /// Its number; nil while it does not run.
    package func pid(on bed: TestBed) -> pid_t? {
        let text = try? String(contentsOfFile: "\(bed.folder)/\(rawValue).pid", encoding: .utf8)
        return text?.split(separator: " ").first.flatMap { pid_t($0) }
    }
}
