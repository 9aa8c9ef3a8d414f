import Foundation

/// A tree of folders with empty files in them, made on the server's own disk.
struct Tree {
    let top: URL
    let folders: Int
    let filesPerFolder: Int

    var files: Double { Double(folders * filesPerFolder) }

    init(at top: URL, folders: Int, filesPerFolder: Int) throws {
        self.top = top
        self.folders = folders
        self.filesPerFolder = filesPerFolder
        for folder in 0..<folders {
            let path = "\(top.path())/folder-\(folder)"
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            for file in 0..<filesPerFolder {
                // FileManager would take several times as long.
                let descriptor = open("\(path)/file-\(file)", O_CREAT | O_WRONLY, 0o644)
                guard descriptor >= 0 else {
                    throw BenchFailure(description: "\(path)/file-\(file) cannot be made: errno \(errno)")
                }
                close(descriptor)
            }
        }
    }
}

extension Tree {
    /// As large as the size says.
    init(at top: URL, _ size: BenchSize) throws {
        try self.init(at: top, folders: size.treeFolders, filesPerFolder: size.filesPerFolder)
    }
}
