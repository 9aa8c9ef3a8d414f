/// The kind of a file; the raw values are ftype3's.
package enum FileType: UInt32, Hashable, Sendable, CustomStringConvertible {
    case unknown = 0
    case regular = 1
    case directory = 2
    case blockDevice = 3
    case characterDevice = 4
    case symbolicLink = 5
    case socket = 6
    case fifo = 7

    package var description: String {
        switch self {
        case .unknown: "file of unknown type"
        case .regular: "file"
        case .directory: "directory"
        case .blockDevice: "block device"
        case .characterDevice: "character device"
        case .symbolicLink: "symbolic link"
        case .socket: "socket"
        case .fifo: "FIFO"
        }
    }
}
