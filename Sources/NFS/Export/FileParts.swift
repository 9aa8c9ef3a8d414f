/// Tracks which parts of some large files were handed out for copying, and the results.
struct FileParts: Sendable {
    private struct File {
        let size: UInt64
        var next: UInt64 = 0
        var underWay = 0
        var written = WrittenParts()
    }

    private var files: [Int: File] = [:]
    private var nextID = 0

    /// Adds a file that is not empty.
    ///
    /// - Returns: The file's identifier.
    mutating func add(size: UInt64) -> Int {
        defer { nextID += 1 }
        files[nextID] = File(size: size)
        return nextID
    }

    /// Hands out the next part of a file; returns its offset, or `nil` if all parts were handed out.
    mutating func next(of id: Int) -> UInt64? {
        guard var file = files[id], file.next < file.size else { return nil }
        defer { files[id] = file }
        let (next, overflows) = file.next.addingReportingOverflow(UInt64(Export.chunkSize))
        defer { file.next = overflows ? file.size : next }
        file.underWay += 1
        return file.next
    }

    /// Records a written part.
    ///
    /// - Returns: Everything that was written, if this was the last part; the file is then forgotten.
    mutating func finish(_ part: WrittenParts, of id: Int) -> WrittenParts? {
        guard var file = files[id] else { return nil }
        file.underWay -= 1
        file.written.add(part)
        guard file.underWay == 0, file.next >= file.size else {
            files[id] = file
            return nil
        }
        files[id] = nil
        return file.written
    }
}
