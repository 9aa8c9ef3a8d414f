import NFS
import Provisioning

extension CopyHook {
    /// - Returns: nil, with a mistake, if it has no destination that can be read.
    init?(_ part: SectionPart, reader: inout SectionReader) {
        let keys = ["to", "mountOptions", "compression", "verify"]
        guard let parts = reader.mapping(part, keys: keys, required: ["to"]) else { return nil }
        let options = Self.options(parts["mountOptions"], &reader)
        let expected = "use server:/path for an NFS export, or an absolute path for a local folder"
        let to = reader.value(parts["to"], expected: expected) { Destination($0, options) }
        let compression = reader.word(parts["compression"], Compression.self)
        let verify = reader.flag(parts["verify"])
        guard let to else { return nil }
        if case .folder = to, let words = parts["mountOptions"] {
            reader.note(words, "is nothing that a local folder takes: remove it")
        }
        self.init(to: to)
        self.compression = compression ?? self.compression
        self.verify = verify ?? self.verify
    }

    private static func options(_ part: SectionPart?, _ reader: inout SectionReader) -> ConnectionOptions {
        guard let part else { return ConnectionOptions() }
        do {
            return try ConnectionOptions.parse(reader.texts(part) ?? [])
        } catch {
            reader.note(part, "cannot be used: \(error)")
            return ConnectionOptions()
        }
    }
}
