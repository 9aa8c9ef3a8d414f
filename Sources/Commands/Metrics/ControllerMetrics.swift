import Backup
import Foundation
import Prometheus
import Provisioning

/// All metrics of `controller`, in a registry of their own.
struct ControllerMetrics {
    let registry: Registry
    let provisioning: ProvisioningMetrics
    let retention: RetentionMetrics
    let configuration: ConfigurationMetrics
    private let requests: Counter

    init() {
        registry = Registry()
        provisioning = ProvisioningMetrics(registry)
        retention = RetentionMetrics(registry)
        configuration = ConfigurationMetrics(registry)
        requests = registry.counter(
            "sb_nfs_api_requests_total",
            "Requests to the API server except watches, each attempt counted, by verb and status code.",
            labels: ["verb", "code"]
        )
        registry.collect("sb_nfs_build_info", "The version of the program; always 1.", labels: ["version"], limit: 1) {
            [Sample(1, Version.current)]
        }
        ProcessReading.show(on: registry)
    }

    /// Exposes the metrics of hooks before their first run.
    func expect(_ hooks: [Hook]) {
        for hook in hooks { provisioning.hooks.expect(hook.name, hook.phase, hook.action.kind) }
    }

    /// Counts a request to the API server, whether or not it was answered.
    var onAnswer: @Sendable (_ verb: String, _ code: String) -> Void {
        { [requests] verb, code in requests.increment(verb, code) }
    }
}

/// The kernel's figures for this process (proc(5)), under the names that every Prometheus client uses.
struct ProcessReading {
    /// The processor time in user and kernel mode.
    let processorSeconds: Double
    /// When the process started, in seconds since 1970.
    let startSeconds: Double
    let virtualBytes: Double
    let residentBytes: Double

    /// - Returns: nil if there is no `/proc`.
    init?() {
        guard let bootSeconds = Self.bootSeconds, let stat = Self.file("/proc/self/stat"),
            // The program's own name is in parentheses and may contain anything.
            let rest = stat.split(separator: ") ").last?.split(separator: " "), rest.count > 21
        else { return nil }
        // Counted from the third field of proc(5), which follows the name.
        func field(_ number: Int) -> Double { Double(rest[number - 3]) ?? .nan }
        let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
        processorSeconds = (field(14) + field(15)) / ticks
        startSeconds = bootSeconds + field(22) / ticks
        virtualBytes = field(23)
        residentBytes = field(24) * Double(sysconf(Int32(_SC_PAGESIZE)))
    }

    static func show(on registry: Registry) {
        func show(
            _ name: String,
            _ help: String,
            _ type: MetricType = .gauge,
            _ value: @escaping @Sendable () -> Double?
        ) {
            registry.collect(name, help, type: type) { value().map { [Sample($0)] } ?? [] }
        }
        show("process_cpu_seconds_total", "Processor time spent, in user and kernel mode.", .counter) {
            ProcessReading()?.processorSeconds
        }
        show("process_start_time_seconds", "When the process began.") { ProcessReading()?.startSeconds }
        show("process_virtual_memory_bytes", "Address space.") { ProcessReading()?.virtualBytes }
        show("process_resident_memory_bytes", "Resident memory.") { ProcessReading()?.residentBytes }
        show("process_open_fds", "Open file descriptors.") {
            (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")).map { Double($0.count) }
        }
        show("process_max_fds", "The maximum number of open file descriptors.") {
            file("/proc/self/limits")?.split(separator: "\n").first { $0.hasPrefix("Max open files") }?
                .split(separator: " ").dropFirst(3).first.flatMap { Double($0) }
        }
    }

    /// When the machine booted, in seconds since 1970.
    private static var bootSeconds: Double? {
        file("/proc/stat")?.split(separator: "\n").first { $0.hasPrefix("btime ") }.flatMap { Double($0.dropFirst(6)) }
    }

    private static func file(_ path: String) -> String? {
        try? String(contentsOfFile: path, encoding: .utf8)
    }
}
