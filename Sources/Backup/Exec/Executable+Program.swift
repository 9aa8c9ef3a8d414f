import Subprocess
import SystemPackage

extension Executable {
    /// A path, or a name to look for in `PATH`.
    static func program(_ text: String) -> Executable {
        text.contains("/") ? .path(FilePath(text)) : .name(text)
    }
}
