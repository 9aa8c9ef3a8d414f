/// A time of the server's clock since 1970, UTC.
package struct FileTime: Hashable, Sendable, Comparable {
    package var seconds: UInt32
    package var nanoseconds: UInt32

    package init(seconds: UInt32, nanoseconds: UInt32) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    package static func < (left: FileTime, right: FileTime) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }
}
