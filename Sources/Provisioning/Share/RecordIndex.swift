import NFS
import Synchronization

/// Index of what a share's records say of directories and names, which finds a record by something other than its name
/// without reading them all each time. A refresh lists the records' files and reads those that changed.
///
/// A result only tells where to look: the caller reads the record again before acting on it.
final class RecordIndex: Sendable {
    struct Archive: Sendable {
        let id: String
        /// Its name in the export's root.
        let name: String
        let directory: DirectoryIdentity
        let state: ArchiveRecord.State
        /// The archive whose copy it was made from.
        let copyOf: String?
        var isOnShare: Bool { state.isOnShare }

        fileprivate init(_ record: ArchiveRecord) {
            id = record.id
            name = record.to
            directory = record.directory
            state = record.state
            copyOf = record.copyOf
        }
    }

    struct Volume: Sendable {
        let name: String
        /// The path below the export's root.
        let path: String
        let directory: DirectoryIdentity?
        let cluster: String?
        let release: ReleaseAction?
    }

    /// Version of a record's file, as a listing shows it: a record that is replaced has another file.
    private struct Stamp: Hashable {
        let handle: FileHandle
        let changed: FileTime
        let size: UInt64

        /// - Returns: nil if the listing lacks the file's handle and attributes.
        init?(_ file: DirectoryEntry) {
            guard let node = file.node else { return nil }
            (handle, changed, size) = (node.handle, node.attributes.ctime, node.attributes.size)
        }
    }

    private struct Known<Value: Sendable>: Sendable {
        let stamp: Stamp?
        /// nil for a record that cannot be read.
        let value: Value?
    }

    private struct State {
        var archives: [String: Known<Archive>] = [:] {
            didSet { archivesByFileID = nil }
        }
        /// The archives on the share; computed when needed, because each claim asks.
        var archivesByFileID: [UInt64: [String]]?
        var volumes: [String: Known<Volume>] = [:]
    }

    private let state = Mutex(State())

    // MARK: Questions

    /// The archives on the share as they are recorded now.
    func archives(_ records: RecordStore) async throws -> [Archive] {
        let known = state.withLock { $0.archives }
        let fresh = try await refresh(known, records) { (record: ArchiveRecord) in Archive(record) }
        state.withLock { $0.archives = fresh }
        return fresh.values.compactMap(\.value)
    }

    /// The volumes on the share as they are recorded now.
    func volumes(_ records: RecordStore) async throws -> [Volume] {
        let known = state.withLock { $0.volumes }
        let fresh = try await refresh(known, records) { (record: VolumeRecord) in
            Volume(
                name: record.volume,
                path: record.path,
                directory: record.directory,
                cluster: record.cluster,
                release: record.release?.action
            )
        }
        state.withLock { $0.volumes = fresh }
        return fresh.values.compactMap(\.value)
    }

    /// Reads every archive's record, whatever the index knows of it.
    ///
    /// - Returns: In no order, each once. An unreadable record is an entry too, and hides no other.
    func readArchives(_ records: RecordStore) async throws -> [ListedRecord<ArchiveRecord>] {
        let files = try await records.files(of: ArchiveRecord.self)
        var known: [String: Known<Archive>] = [:]
        var entries: [String: ListedRecord<ArchiveRecord>] = [:]
        for (name, file, listed) in try await records.read(files, of: ArchiveRecord.self) {
            let value: Archive? = if case .record(let record) = listed.entry { Archive(record) } else { nil }
            known[name] = Known(stamp: Stamp(file), value: value)
            entries[name] = listed
        }
        state.withLock { $0.archives = known }
        return Array(entries.values)
    }

    /// Adds what this process has written, before the next refresh.
    func note(_ record: ArchiveRecord) {
        state.withLock { $0.archives[record.id] = Known(stamp: nil, value: Archive(record)) }
    }

    /// The archives that were last seen with this directory id; does not read the share.
    func archivesSeen(withFileID fileID: UInt64) -> [String] {
        state.withLock { state in
            let known =
                state.archivesByFileID
                ?? Dictionary(grouping: state.archives.values.compactMap(\.value).filter(\.isOnShare)) {
                    $0.directory.fileID
                }.mapValues { $0.map(\.id) }
            state.archivesByFileID = known
            return known[fileID] ?? []
        }
    }

    // MARK: Refresh

    private func refresh<Record: ShareRecord, Value>(
        _ known: [String: Known<Value>],
        _ records: RecordStore,
        _ summary: @escaping @Sendable (Record) -> Value
    ) async throws -> [String: Known<Value>] {
        var fresh: [String: Known<Value>] = [:]
        var changed: [(name: String, file: DirectoryEntry)] = []
        for (name, file) in try await records.files(of: Record.self) {
            if let seen = known[name], let stamp = Stamp(file), seen.stamp == stamp {
                fresh[name] = seen
            } else {
                changed.append((name, file))
            }
        }
        for (name, file, listed) in try await records.read(changed, of: Record.self) {
            let value: Value? = if case .record(let record) = listed.entry { summary(record) } else { nil }
            fresh[name] = Known(stamp: Stamp(file), value: value)
        }
        return fresh
    }
}
