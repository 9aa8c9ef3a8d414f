import Subprocess
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension Executable {
    /// A path, or a name to look for in `PATH`.
    static func program(_ text: String) -> Executable {
        text.contains("/") ? .path(FilePath(text)) : .name(text)
    }

    /// Its path, if it may be run.
    func runnablePath(in environment: Environment) async throws -> FilePath {
        let path = try await resolveExecutablePath(in: environment)
        guard access(path.string, X_OK) == 0 else { throw Errno(rawValue: errno) }
        return path
    }
}
