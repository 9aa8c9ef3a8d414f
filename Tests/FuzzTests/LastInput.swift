import Foundation

/// The input that a target is working on, in a file: a trap ends the process before anything can say what brought it about.
struct LastInput {
    /// Which test works on it: they run at the same time.
    enum Use: String {
        case corpus, changes
    }

    private let file: URL

    init(of target: FuzzTarget, _ use: Use) {
        file = FileManager.default.temporaryDirectory
            .appending(path: "sb-nfs-provisioner-fuzz-\(target.name)-\(use.rawValue)")
    }

    func keep(_ input: [UInt8]) throws {
        try Data(input).write(to: file)
    }

    func remove() throws {
        try FileManager.default.removeItem(at: file)
    }
}
