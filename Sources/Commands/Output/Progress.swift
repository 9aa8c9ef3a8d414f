import Foundation
import Synchronization

/// Shows the progress of long work on standard error: one line that is overwritten on a terminal, a line now and then
/// elsewhere.
///
/// Short work prints nothing without a terminal.
final class Progress: Sendable {
    private struct State {
        var lastTold: ContinuousClock.Instant
        var isLineShown = false
    }

    private static let width = 79

    private let descriptor: Int32
    private let isTerminal: Bool
    private let interval: Duration
    private let state: Mutex<State>

    /// - Parameters:
    ///   - descriptor: Where to write.
    ///   - interval: The least time between two lines; by default a fifth of a second on a terminal, else ten seconds.
    init(descriptor: Int32 = FileHandle.standardError.fileDescriptor, interval: Duration? = nil) {
        self.descriptor = descriptor
        isTerminal = isatty(descriptor) == 1
        self.interval = interval ?? (isTerminal ? .milliseconds(200) : .seconds(10))
        state = Mutex(State(lastTold: .now))
    }

    /// Runs work that shows its progress; the line is gone when this returns or throws.
    static func shown<Value>(during work: (Progress) async throws -> Value) async rethrows -> Value {
        let progress = Progress()
        defer { progress.end() }
        return try await work(progress)
    }

    /// Shows how far the work is, unless the last line is too recent.
    func show(_ text: @autoclosure () -> String) {
        state.withLock { state in
            let now = ContinuousClock.now
            guard now - state.lastTold >= interval else { return }
            state.lastTold = now
            if isTerminal {
                state.isLineShown = true
                write("\r\u{1B}[K" + text().prefix(Self.width))
            } else {
                write("sb-nfs-provisioner: \(text())\n")
            }
        }
    }

    /// Erases the line, so that the next output begins at the margin.
    func end() {
        state.withLock { state in
            if state.isLineShown { write("\r\u{1B}[K") }
            state.isLineShown = false
        }
    }

    private func write(_ text: String) {
        // Progress is optional: a closed or full pipe must not stop the work.
        try? FileHandle(fileDescriptor: descriptor, closeOnDealloc: false).write(contentsOf: Data(text.utf8))
    }
}
