import Kubernetes
import Provisioning

/// An archive's age and the release of its data, as far as its record and the record's file tell.
struct ArchiveTimes: Sendable {
    /// The largest difference between two clocks that agree, in seconds.
    static let tolerance: Int64 = 60

    /// When the archive's age begins; nil if the record does not say when it was archived.
    let ageStart: Timestamp?
    /// The earliest place that the archive can have among those of its claim; nil if unknown: it then is newer than
    /// none.
    let earliest: ReleaseRank?
    /// The latest place that it can have; nil if unknown: none then is newer.
    let latest: ReleaseRank?
    /// Why no time of the archive can be trusted; nil if none contradicts another.
    let contradiction: String?

    /// - Parameters:
    ///   - record: The archive.
    ///   - writtenAt: When the record's file was last written, by the server's clock; nil if unknown.
    ///   - now: The present, by a clock that agrees with the server's.
    init(_ record: ArchiveRecord, writtenAt: Timestamp?, now: Timestamp) {
        contradiction = Self.contradiction(in: record, writtenAt, now)
        let overdue = record.archivedAt.flatMap { archivedAt in
            writtenAt.flatMap { $0.seconds > archivedAt.seconds + Self.tolerance ? $0 : nil }
        }
        // If the server's clock gave the release, a later file only means that the record has changed since.
        let isFileTrusted = record.releasedAt != nil && record.unpackedFrom == nil
        ageStart = record.archivedAt.map { archivedAt in
            [archivedAt, record.releasedAt, isFileTrusted ? nil : overdue].compactMap { $0 }.max() ?? archivedAt
        }
        let created = record.volumeCreatedAt
        switch (record.releasedAt, record.unpackedFrom) {
        case (let releasedAt?, _):
            // If the release follows the archiving, one of two clocks was wrong, and either can be the right one.
            let first = record.archivedAt.map { min($0, releasedAt) } ?? releasedAt
            let isExact = releasedAt.seconds - first.seconds <= Self.tolerance
            earliest = ReleaseRank(earliest: isExact ? releasedAt : first, volumeCreatedAt: created)
            latest = ReleaseRank(latest: releasedAt, volumeCreatedAt: created)
        case (nil, nil):
            earliest = ReleaseRank(earliest: record.requestedAt, volumeCreatedAt: created)
            latest = ReleaseRank(
                latest: max(record.requestedAt, overdue ?? record.requestedAt),
                volumeCreatedAt: created
            )
        case (nil, .some):
            (earliest, latest) = (nil, nil)
        }
    }

    /// Finds a time that lies in the future, or after the record's file. The release and the file have the server's
    /// time, the other times are the controller's; the file is written after everything that it records.
    private static func contradiction(
        in record: ArchiveRecord,
        _ writtenAt: Timestamp?,
        _ now: Timestamp
    ) -> String? {
        let times = [
            ("archiving was requested", record.requestedAt), ("it was archived", record.archivedAt),
            ("its data was released", record.releasedAt),
        ]
        for case (let event, let time?) in times {
            if time.seconds > now.seconds + tolerance {
                return "its record says that \(event) at \(time), which is in the future; a clock was wrong"
            }
            if let writtenAt, time.seconds > writtenAt.seconds + tolerance {
                return "its record says that \(event) at \(time), but the server wrote the record at \(writtenAt);"
                    + " a clock was wrong"
            }
        }
        return nil
    }
}

/// An archive's place among those of its claim: by the release of its data, then by the creation of its volume.
struct ReleaseRank: Sendable, Hashable, Comparable {
    let releasedAt: Timestamp
    let volumeCreatedAt: Timestamp

    /// The earliest place that an archive can have.
    init(earliest releasedAt: Timestamp, volumeCreatedAt: Timestamp?) {
        self.releasedAt = releasedAt
        self.volumeCreatedAt = volumeCreatedAt ?? Timestamp(seconds: .min)
    }

    /// The latest place that an archive can have.
    init(latest releasedAt: Timestamp, volumeCreatedAt: Timestamp?) {
        self.releasedAt = releasedAt
        self.volumeCreatedAt = volumeCreatedAt ?? Timestamp(seconds: .max)
    }

    static func < (left: ReleaseRank, right: ReleaseRank) -> Bool {
        (left.releasedAt, left.volumeCreatedAt) < (right.releasedAt, right.volumeCreatedAt)
    }
}
