import Foundation

/// What a process has taken, as Linux tells it.
struct ProcessUsage {
    /// Seconds of processor time.
    let cpu: Double
    /// Megabytes in memory now.
    let resident: Double
    /// The most megabytes that were in memory.
    let peak: Double

    /// - Returns: nil if there is no such process any more.
    init?(_ pid: pid_t) {
        guard let status = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8),
            let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
            let resident = Self.megabytes("VmRSS", in: status), let peak = Self.megabytes("VmHWM", in: status)
        else { return nil }
        // The name in the second field may hold blanks: utime and stime are the 12th and 13th behind its parenthesis.
        let fields = stat.split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else { return nil }
        cpu = (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
        self.resident = resident
        self.peak = peak
    }

    private static func megabytes(_ name: String, in status: String) -> Double? {
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix(name + ":") }) else { return nil }
        return line.split(separator: " ").dropLast().last.flatMap { Double($0) }.map { $0 / 1024 }
    }
}
