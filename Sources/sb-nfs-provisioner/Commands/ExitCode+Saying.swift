import ArgumentParser
import Foundation

extension ExitCode {
    /// A missing or unusable setting (L5: one line each, exit code 2).
    static let unusableSettings = ExitCode(2)

    /// What was looked at is not as it should be.
    static let problemsFound = ExitCode(3)

    /// This exit code, after what is wrong was said on standard error, a line each.
    func saying(_ error: any Error) -> ExitCode {
        for line in "\(error)".split(separator: "\n") {
            FileHandle.standardError.write(Data("sb-nfs-provisioner: \(line)\n".utf8))
        }
        return self
    }
}
