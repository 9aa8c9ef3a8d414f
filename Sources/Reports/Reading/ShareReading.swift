import Kubernetes
import NFS
import Provisioning

/// The data of one share that was read for reports.
package struct ShareReading: Sendable {
    /// A part of a share's data to read.
    package enum Part: Sendable, Hashable {
        /// The records of volumes and archives.
        case records
        /// The measurements of volumes and archives.
        case usage
        /// The room on the file system.
        case room
        /// The audit log of a period; nil for its beginning, or its end.
        case audit(since: Timestamp?, until: Timestamp?)
    }

    package var export: ExportPath
    /// Whether the records were read; if that failed, a gap says why.
    package var hasRecords = false
    /// Whether anything was read.
    var hasAnswered = false
    package var volumes: [RecordEntry<VolumeRecord>] = []
    package var catalogue: [CatalogueEntry] = []
    /// The measurements by volume name, which is an archive's id as well.
    package var usage: [String: UsageHistory] = [:]
    package var room: FileSystemStatistics?
    package var audit: [AuditEntry] = []
    /// What could not be read, except for the records that are entries of their own.
    package var failures: [ReportGap] = []

    package init(export: ExportPath) {
        self.export = export
    }

    /// Whether a failure kept everything from being read.
    var isBlind: Bool { !failures.isEmpty && !hasAnswered }

    /// Everything that could not be read.
    var gaps: [ReportGap] {
        let name = "\(export)"
        let records = volumes.compactMap { entry -> ReportGap? in
            switch entry {
            case .record: nil
            case .misnamed(_, let record, let reason), .unreadable(let record, let reason):
                ReportGap(export: name, record: record, reason: reason)
            }
        }
        let archives = catalogue.compactMap { entry -> ReportGap? in
            guard case .unreadable(let record, let reason) = entry else { return nil }
            return ReportGap(export: name, record: record, reason: reason)
        }
        return failures + records + archives
    }
}

extension ShareReading {
    /// Reads a share. A part that cannot be read is a gap, and the next part is still read, unless the records failed
    /// or the server does not answer: a silent server costs the time of one call.
    ///
    /// - Parameters:
    ///   - share: The share; nothing on it is changed.
    ///   - parts: The parts to read, in order.
    /// - Throws: `UnusedShare` if no controller has used the share; `CancellationError`.
    package init(of share: ShareConnection, _ parts: [Part]) async throws {
        self.init(export: share.address.export)
        for part in parts {
            do {
                try await read(part, of: share)
                hasAnswered = true
            } catch let error as UnusedShare {
                throw error
            } catch {
                try Task.checkCancellation()
                failures.append(ReportGap(export: "\(export)", reason: "\(part.subject) cannot be read: \(error)"))
                let code = (error as? NFSError)?.code
                if part == .records || code == .unreachable || code == .timedOut { return }
            }
        }
    }

    private mutating func read(_ part: Part, of share: ShareConnection) async throws {
        switch part {
        case .records:
            volumes = try await share.volumeRecords()
            catalogue = try await share.catalogue()
            hasRecords = true
        case .usage:
            usage = try await share.usageHistories()
        case .room:
            room = try await share.statistics()
        case .audit(let since, let until):
            let reading = try await share.auditEntries(since: since, until: until)
            audit = reading.entries
            failures += reading.problems.map { ReportGap(export: "\(export)", reason: $0) }
        }
    }
}

extension ShareReading.Part {
    fileprivate var subject: String {
        switch self {
        case .records: "the records of volumes and archives"
        case .usage: "the measurements of volumes and archives"
        case .room: "the free space of the file system"
        case .audit: "the audit log"
        }
    }
}

extension ShareReading {
    /// Reads shares at the same time, so that several that do not answer cost no more time than one.
    ///
    /// - Parameters:
    ///   - shares: The shares to read.
    ///   - parts: The parts to read of each.
    ///   - isExpected: Whether a controller must have used a share. An unused share that is not expected contributes
    ///     nothing.
    /// - Returns: The readings, in the order of the shares. A share that fails is a gap.
    package static func all(
        of shares: [ShareConnection],
        _ parts: [Part],
        isExpected: (ShareConnection) -> Bool
    ) async -> [ShareReading] {
        await withTaskGroup(of: (Int, ShareReading?).self) { group in
            for (index, share) in shares.enumerated() {
                let isExpected = isExpected(share)
                group.addTask { (index, await reading(of: share, parts, isExpected: isExpected)) }
            }
            var readings: [Int: ShareReading] = [:]
            for await (index, reading) in group { readings[index] = reading }
            return readings.sorted { $0.key < $1.key }.map(\.value)
        }
    }

    private static func reading(of share: ShareConnection, _ parts: [Part], isExpected: Bool) async -> ShareReading? {
        do {
            return try await ShareReading(of: share, parts)
        } catch is UnusedShare where !isExpected {
            return nil
        } catch {
            var reading = ShareReading(export: share.address.export)
            reading.failures = [ReportGap(export: "\(share.address)", reason: "\(error)")]
            return reading
        }
    }
}
