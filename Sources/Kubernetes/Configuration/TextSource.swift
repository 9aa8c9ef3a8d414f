import Foundation

/// The source of a certificate, a key or a token.
package enum TextSource: Hashable, Sendable, CustomStringConvertible {
    case bytes([UInt8])
    /// The path of a file, which may be replaced while the program runs.
    case file(String)

    /// The path, or the number of bytes; never the bytes, which may be a secret.
    package var description: String {
        switch self {
        case .bytes(let bytes): "\(bytes.count) bytes"
        case .file(let path): path
        }
    }

    /// Reads the current contents.
    func read() throws(KubernetesError) -> [UInt8] {
        switch self {
        case .bytes(let bytes):
            return bytes
        case .file(let path):
            do {
                return try Array(Data(contentsOf: URL(fileURLWithPath: path)))
            } catch {
                throw KubernetesError(code: .configuration, reason: "cannot read \(path): \(fileReason(error))")
            }
        }
    }
}

/// Describes briefly why a file cannot be read.
func fileReason(_ error: any Error) -> String {
    switch (error as? CocoaError)?.code {
    case .fileReadNoSuchFile: "there is no such file"
    case .fileReadNoPermission: "permission denied"
    default: "\(error)"
    }
}
