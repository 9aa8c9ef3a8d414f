import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A failed system call on a file.
struct LocalFileError: Error, Hashable, Sendable, CustomStringConvertible {
    let operation: String
    let path: String
    /// errno(3)
    let number: Int32

    /// One sentence.
    var description: String { "\(operation) \(path): \(Errno(rawValue: number))\(advice)" }

    private var advice: String {
        switch number {
        case ENOENT: "; mount a volume there"
        case EACCES, EPERM: "; give the controller's user write permission there"
        case EROFS: "; mount it writable"
        case ENOSPC, EDQUOT: "; free up space there"
        default: ""
        }
    }
}
