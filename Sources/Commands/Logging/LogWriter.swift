import Foundation
import Synchronization

/// Writes log lines to a file, by default standard error. A file that accepts nothing, such as a full pipe without a
/// reader, costs lines but no time: the first line waits a moment, and the lines after it are dropped and counted.
final class LogWriter: Sendable {
    private struct State {
        var isStuck = false
        /// The number of lines dropped since the last one that was written.
        var lost = 0
        /// Whether the last line was cut off.
        var isCut = false
    }

    /// The bytes that a writable pipe accepts at least (`PIPE_BUF`).
    private static let piece = 4096

    private let descriptor: Int32
    private let patience: Int32
    private let state = Mutex(State())

    /// - Parameters:
    ///   - descriptor: The file's descriptor.
    ///   - patience: How long the first line waits for a file that accepts nothing, in milliseconds.
    init(descriptor: Int32 = FileHandle.standardError.fileDescriptor, patience: Int32 = 100) {
        self.descriptor = descriptor
        self.patience = patience
    }

    /// Writes a line, or drops and counts it.
    ///
    /// - Parameters:
    ///   - line: The line, with its line break.
    ///   - notice: Makes the line that reports dropped lines.
    func append(_ line: String, notice: (_ lost: Int) -> String) {
        state.withLock { state in
            let note = state.lost > 0 ? notice(state.lost) : ""
            let bytes = Array(((state.isCut ? "\n" : "") + note + line).utf8)
            let written = put(bytes, patience: state.isStuck ? 0 : patience)
            state.isStuck = written < bytes.count
            // A line that was cut off is not written again: its beginning is already there.
            state.lost = state.isStuck ? state.lost + 1 : 0
            if written > 0 { state.isCut = state.isStuck }
        }
    }

    /// - Returns: How many bytes were written.
    private func put(_ bytes: [UInt8], patience: Int32) -> Int {
        var written = 0
        while written < bytes.count, isReady(within: patience) {
            let count = bytes[written..<min(written + Self.piece, bytes.count)].withUnsafeBytes {
                write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno != EINTR, errno != EAGAIN { return written }
            written += max(count, 0)
        }
        return written
    }

    private func isReady(within milliseconds: Int32) -> Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        var answer = poll(&request, 1, milliseconds)
        while answer < 0, errno == EINTR { answer = poll(&request, 1, milliseconds) }
        return answer > 0
    }
}
