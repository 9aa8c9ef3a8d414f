import Foundation
import Kubernetes

/// The lines of one file of a share's audit log, taken in piece by piece. A line that is none hides no other.
struct AuditLines {
    /// Longer than any line that the log writes, in bytes.
    static let longestLine = 256 << 10

    /// Those of the time that was asked for, in the file's order.
    private(set) var entries: [AuditEntry] = []
    private var unreadable = 0
    private var firstUnreadable = 0
    private var number = 0
    private var rest: [UInt8] = []
    /// The line under way is too long to be one, and is passed over.
    private var isPassingOver = false
    private let since: Timestamp?
    private let until: Timestamp?
    private let decoder = JSONDecoder()

    init(since: Timestamp?, until: Timestamp?) {
        self.since = since
        self.until = until
    }

    /// What is wrong with the file, to be put behind its name; nil: nothing.
    var problem: String? {
        guard unreadable > 0 else { return nil }
        return unreadable == 1
            ? "line \(firstUnreadable) cannot be read"
            : "\(unreadable) lines cannot be read, the first is \(firstUnreadable)"
    }

    mutating func take(_ bytes: [UInt8]) {
        var pieces = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)[...]
        while let piece = pieces.popFirst() {
            if !isPassingOver { rest += piece }
            if rest.count > Self.longestLine {
                rest = []
                isPassingOver = true
            }
            // The last piece has no newline yet.
            if !pieces.isEmpty { endLine() }
        }
    }

    /// The file ends here; a crash may have torn its last line.
    mutating func end() {
        if !rest.isEmpty || isPassingOver { endLine() }
    }

    private mutating func endLine() {
        number += 1
        defer {
            rest = []
            isPassingOver = false
        }
        guard !rest.isEmpty || isPassingOver else { return }
        if !isPassingOver, let entry = try? decoder.decode(AuditEntry.self, from: Data(rest)) {
            if since.map({ entry.at >= $0 }) ?? true, until.map({ entry.at <= $0 }) ?? true { entries.append(entry) }
        } else {
            if unreadable == 0 { firstUnreadable = number }
            unreadable += 1
        }
    }
}
