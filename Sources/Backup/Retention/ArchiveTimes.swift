import Kubernetes
import Provisioning

/// What an archive's record and the record's file tell about the archive's age and the release of its data.
struct ArchiveTimes: Sendable {
    /// How far two clocks that agree may be apart, in seconds.
    static let tolerance: Int64 = 60

    /// When the archive's age begins; nil: nothing says when it was archived.
    let ageStart: Timestamp?
    /// The first place that the archive can have among those of its claim; nil: unknown, so it is newer than none.
    let earliest: ReleaseRank?
    /// The last place; nil: unknown, so none is newer.
    let latest: ReleaseRank?
    /// Why no time of the archive can be trusted; nil: none contradicts another.
    let contradiction: String?

    /// - Parameters:
    ///   - record: The archive.
    ///   - writtenAt: When the record's file was last written, by the server's clock; nil: unknown.
    ///   - now: The present, by a clock that agrees with the server's.
    init(_ record: ArchiveRecord, writtenAt: Timestamp?, now: Timestamp) {
        contradiction = Self.contradiction(in: record, writtenAt, now)
        let overdue = record.archivedAt.flatMap { archivedAt in
            writtenAt.flatMap { $0.seconds > archivedAt.seconds + Self.tolerance ? $0 : nil }
        }
        // With a release by the server's clock, a file that was written later only says that the record changed.
        let isFileTrusted = record.releasedAt != nil && record.unpackedFrom == nil
        ageStart = record.archivedAt.map { archivedAt in
            [archivedAt, record.releasedAt, isFileTrusted ? nil : overdue].compactMap { $0 }.max() ?? archivedAt
        }
        let created = record.volumeCreatedAt
        switch (record.releasedAt, record.unpackedFrom) {
        case (let releasedAt?, _):
            // A release after the archiving: one of two clocks was wrong then, and either can be right.
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

    /// A record's times are by the controller's clock, save the release, and its file's is by the server's: it is written
    /// after all that it speaks of.
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

/// Where an archive stands among those of its claim: by the release of its data, then by the creation of its volume.
struct ReleaseRank: Sendable, Hashable, Comparable {
    let releasedAt: Timestamp
    let volumeCreatedAt: Timestamp

    /// The first place that an archive can have.
    init(earliest releasedAt: Timestamp, volumeCreatedAt: Timestamp?) {
        self.releasedAt = releasedAt
        self.volumeCreatedAt = volumeCreatedAt ?? Timestamp(seconds: .min)
    }

    /// The last place that an archive can have.
    init(latest releasedAt: Timestamp, volumeCreatedAt: Timestamp?) {
        self.releasedAt = releasedAt
        self.volumeCreatedAt = volumeCreatedAt ?? Timestamp(seconds: .max)
    }

    static func < (left: ReleaseRank, right: ReleaseRank) -> Bool {
        (left.releasedAt, left.volumeCreatedAt) < (right.releasedAt, right.volumeCreatedAt)
    }
}
