import Foundation
import TestBed

/// What a tenant writes: files whose content is known from a seed.
enum TenantData {
    /// By name below the volume's directory.
    static func files(of seed: UInt64) -> [String: Data] {
        var dice = SeededGenerator(seed: seed)
        var files: [String: Data] = [:]
        for number in 0..<Int.random(in: 1...4, using: &dice) {
            let folder = Bool.random(using: &dice) ? "folder-\(seed)/" : ""
            let length = Int.random(in: 0...20_000, using: &dice)
            files["\(folder)file-\(seed)-\(number)"] = Data(
                (0..<length).map { _ in UInt8.random(in: 0...255, using: &dice) }
            )
        }
        return files
    }

    static func write(_ seed: UInt64, to directory: URL) throws {
        for (name, data) in files(of: seed) {
            let file = directory.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try data.write(to: file)
        }
    }

    /// What is in a directory that holds what was written with these seeds, and nothing else.
    ///
    /// - Returns: What is wrong; nil: nothing.
    static func flaw(in directory: URL, seeds: [UInt64]) -> String? {
        let expected = seeds.reduce(into: [String: Data]()) { $0.merge(files(of: $1)) { one, _ in one } }
        var found: Set<String> = []
        guard let names = try? FileManager.default.subpathsOfDirectory(atPath: directory.path()) else {
            return "\(directory.path()) is not there"
        }
        for name in names {
            let path = directory.appending(path: name).path()
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else {
                continue
            }
            guard let data = expected[name] else { return "\(path) was written by nobody" }
            guard FileManager.default.contents(atPath: path) == data else { return "\(path) is not as it was written" }
            found.insert(name)
        }
        let missing = Set(expected.keys).subtracting(found).sorted()
        return missing.isEmpty ? nil : "\(directory.path()) lacks \(missing.joined(separator: ", "))"
    }
}
