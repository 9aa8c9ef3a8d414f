import Foundation
import Kubernetes

/// Parser of one file of a share's audit log, fed piece by piece. An unreadable line hides no other.
struct AuditLines {
    /// Longer than any line that the log writes, in bytes.
    static let longestLine = 256 << 10

    /// The entries of the requested period, in the file's order.
    private(set) var entries: [AuditEntry] = []
    private var unreadable = 0
    private var firstUnreadable = 0
    private var number = 0
    private var rest: [UInt8] = []
    /// Whether the current line is too long to be one, and is skipped.
    private var isPassingOver = false
    private let since: Timestamp?
    private let until: Timestamp?
    private let decoder = JSONDecoder()

    init(since: Timestamp?, until: Timestamp?) {
        self.since = since
        self.until = until
    }

    /// The file's problem, worded to follow its name; nil if there is none.
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

    /// Ends the file, whose last line a crash may have torn.
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
