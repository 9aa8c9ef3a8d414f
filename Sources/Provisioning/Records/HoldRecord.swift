import Kubernetes

/// Hold on an archive, kept as `holds/<archive>~<token>.json`. Only the process that places the hold writes the file,
/// and the release removes it. So no other hold, and nothing that an operation writes about the archive, can lose it.
///
/// Earlier programs kept the hold in the archive's record. The file of ``endOfRecorded`` is a copy of such a hold that
/// has been released; a hold that such a program places later is another one.
struct HoldRecord: ShareRecord, Hashable {
    static let folder = RecordFolder.holds
    /// The token of the file that ends the hold in an archive's record.
    static let endOfRecorded = "released"

    var version = 1
    var archive: String
    var token: String
    var reason: String
    var at: Timestamp

    /// No volume's name has a tilde.
    var recordName: String { "\(archive)~\(token)" }

    /// The archive that a record of this name refers to.
    static func archive(of recordName: String) -> String {
        recordName.split(separator: "~").first.map(String.init) ?? recordName
    }
}

extension ArchiveRecord {
    /// Sets ``hold`` from the holds that have files of their own. One that cannot be read counts.
    mutating func take(_ holds: [RecordEntry<HoldRecord>]) {
        var found: [Hold] = []
        for entry in holds {
            switch entry {
            case .record(let ended) where ended.token == HoldRecord.endOfRecorded:
                if hold == Hold(reason: ended.reason, at: ended.at) { hold = nil }
            case .record(let hold): found.append(Hold(reason: hold.reason, at: hold.at, isFile: true))
            case .misnamed(_, _, let reason), .unreadable(_, let reason):
                found.append(Hold(reason: reason, at: requestedAt, isFile: true))
            }
        }
        hold = hold ?? found.min { ($0.at, $0.reason) < ($1.at, $1.reason) }
    }
}
