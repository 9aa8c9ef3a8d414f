import NFS
import Provisioning
import Reports

extension ExportVerdict {
    /// Below how much of the whole a warning is due, in percent.
    private static let (scarceBytes, scarceFiles): (Double, Double) = (10, 5)

    var space: Check {
        room(.exportSpace, scarce: Self.scarceBytes, "free up space, or enlarge the file system") { room in
            (room.availableBytes, room.totalBytes, "\(ByteCount(room.availableBytes)) of \(ByteCount(room.totalBytes))")
        }
    }

    var inodes: Check {
        let remedy = "remove files, or give the file system more inodes: each file and directory takes one"
        return room(.exportFiles, scarce: Self.scarceFiles, remedy) { room in
            (room.availableFiles, room.totalFiles, "\(room.availableFiles) of \(room.totalFiles) inodes")
        }
    }

    private func room(
        _ id: Check.ID,
        scarce: Double,
        _ remedy: String,
        _ read: (FileSystemStatistics) -> (available: UInt64, total: UInt64, text: String)
    ) -> Check {
        switch sight.room {
        case nil:
            return .skipped(id, of: subject, whyUnseen)
        case .failure(let error):
            return .failed(id, of: subject, "\(error)", remedy: "see the NFS server's log for the reason")
        case .success(let room):
            let (available, total, text) = read(room)
            // As some file systems have it that make inodes as they need them.
            guard total > 0 else { return .skipped(id, of: subject, "the server does not say how many there are") }
            let percent = 100 * Double(available) / Double(total)
            let sentence = "\(text) free (\(Int(percent)) %)"
            if available == 0 { return .failed(id, of: subject, sentence, remedy: remedy) }
            return percent < scarce
                ? .warning(id, of: subject, sentence, remedy: remedy) : .ok(id, of: subject, sentence)
        }
    }
}
