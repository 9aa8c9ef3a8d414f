import Foundation

/// The built program, where SwiftPM puts it: beside the test bundle.
package enum BuiltProgram {
    /// Its path; one that is not there if it was not built.
    package static let path =
        Bundle.main.executableURL?.deletingLastPathComponent().appending(path: "sb-nfs-provisioner").path() ?? ""
}
