import Foundation
import Synchronization

/// A file that log lines are written to, standard error. One that takes nothing, such as a pipe that nobody reads, costs
/// lines and never time: the first line waits a moment, those after it are left out and counted.
final class LogWriter: Sendable {
    private struct State {
        var isStuck = false
        /// Left out since the last line that was written.
        var lost = 0
        /// A line was cut off in its middle.
        var isCut = false
    }

    /// What a pipe that can be written to takes at least (`PIPE_BUF`).
    private static let piece = 4096

    private let descriptor: Int32
    private let patience: Int32
    private let state = Mutex(State())

    /// - Parameters:
    ///   - descriptor: Of the file.
    ///   - patience: How long the first line waits for a file that takes nothing, in milliseconds.
    init(descriptor: Int32 = FileHandle.standardError.fileDescriptor, patience: Int32 = 100) {
        self.descriptor = descriptor
        self.patience = patience
    }

    /// Writes a line, or counts it.
    ///
    /// - Parameters:
    ///   - line: With its line break.
    ///   - notice: What to say of lines that were left out.
    func append(_ line: String, notice: (_ lost: Int) -> String) {
        state.withLock { state in
            let note = state.lost > 0 ? notice(state.lost) : ""
            let bytes = Array(((state.isCut ? "\n" : "") + note + line).utf8)
            let written = put(bytes, patience: state.isStuck ? 0 : patience)
            state.isStuck = written < bytes.count
            // What was cut off is not written again: its beginning is there already.
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
