/// Which files of a tree with several names were copied under one of them, so that the others become links. Names that
/// come while the first is being copied wait for it.
struct HardLinks<Name: Sendable>: Sendable {
    enum Next: Sendable {
        /// Copy the file under this name.
        case first(Name)
        /// Link these names to what the file is in the copy.
        case others([Name], to: Node)
    }

    /// By fileid: what a file is in the copy, `nil` while it is being copied.
    private var files: [UInt64: Node?] = [:]
    private var waiting: [UInt64: [Name]] = [:]

    /// Takes in a name of a file.
    ///
    /// - Returns: What to do now; `nil` if the name waits.
    mutating func add(_ name: Name, fileid: UInt64) -> Next? {
        guard let made = files[fileid] else {
            files[fileid] = .some(nil)
            return .first(name)
        }
        if let made { return .others([name], to: made) }
        waiting[fileid, default: []].append(name)
        return nil
    }

    /// Takes in what became of the first name, `nil` if it vanished; of others there is nothing more to say.
    mutating func finish(_ made: Node?, fileid: UInt64) -> Next? {
        guard case .some(nil) = files[fileid] else { return nil }
        if let made {
            files[fileid] = .some(made)
            return .others(waiting.removeValue(forKey: fileid) ?? [], to: made)
        }
        if let name = waiting[fileid]?.popLast() { return .first(name) }
        files.removeValue(forKey: fileid)
        waiting[fileid] = nil
        return nil
    }
}
