import NFS
import Provisioning
import Settings

/// A hook with which the controller itself copies the tree into a file.
package struct CopyHook: Hashable, Sendable {
    /// A destination of copies.
    package enum Destination: Hashable, Sendable, CustomStringConvertible {
        /// An NFS export of its own.
        case export(ExportAddress, ConnectionOptions)
        /// The absolute path of a folder in the controller's container, which must exist.
        case folder(String)

        /// Parses a destination as written in the configuration; an export gets the default mount options.
        package init?(_ text: String) {
            self.init(text, ConnectionOptions())
        }

        init?(_ text: String, _ options: ConnectionOptions) {
            if text.hasPrefix("/") {
                self = .folder(text)
            } else if let export = ExportPath(text) {
                self = .export(export.address, options)
            } else {
                return nil
            }
        }

        /// The destination as written in the configuration.
        package var description: String {
            switch self {
            case .export(let address, _): "\(address)"
            case .folder(let path): path
            }
        }
    }

    /// The compression of the tar archive.
    package enum Compression: String, CaseIterable, Hashable, Sendable {
        case zstd, none
    }

    /// The destination of the file.
    package var to: Destination
    package var compression = Compression.zstd
    /// Whether the file is read back and compared before the hook succeeds.
    package var verify = true

    /// Creates a hook that compresses with zstd and reads the file back.
    package init(to: Destination) {
        self.to = to
    }
}

extension CopyHook {
    /// - Returns: nil, with a mistake noted, if the destination is missing or invalid.
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
            reader.note(words, "does not apply to a local folder: remove it")
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
