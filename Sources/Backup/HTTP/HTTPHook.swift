import Foundation
import Settings

/// A hook that sends a request to a server of the admin's.
package struct HTTPHook: Hashable, Sendable {
    /// An `https` address.
    package var url: String
    /// A file of PEM certificates of the authorities that may sign the server's certificate. `nil` for the authorities
    /// that the system trusts.
    package var caFile: String?
    /// A file with the secret that requests are signed with. Read at each request; a line break at its end is not part of
    /// it.
    package var secretFile: String?
    /// A file with a bearer token. Read at each request.
    package var tokenFile: String?

    package init(url: String) {
        self.url = url
    }
}

extension HTTPHook {
    /// Whether a hook may have this address: `https`, and without a user or password, which would show up in logs.
    static func isAddress(_ text: String) -> Bool {
        guard let components = URLComponents(string: text), let host = components.host else { return false }
        return components.scheme?.lowercased() == "https" && !host.isEmpty && components.user == nil
            && components.password == nil && components.fragment == nil
    }
}

extension HTTPHook {
    /// - Returns: nil, with a mistake noted, if it has no usable address.
    init?(_ part: SectionPart, reader: inout SectionReader) {
        let keys = ["url", "caFile", "secretFile", "tokenFile"]
        guard let parts = reader.mapping(part, keys: keys, required: ["url"]) else { return nil }
        let expected = "use an https address without user, password and fragment"
        let url = reader.value(parts["url"], isShown: false, expected: expected) { Self.isAddress($0) ? $0 : nil }
        let (caFile, secretFile) = (reader.text(parts["caFile"]), reader.text(parts["secretFile"]))
        let tokenFile = reader.text(parts["tokenFile"])
        guard let url else { return nil }
        self.init(url: url)
        (self.caFile, self.secretFile, self.tokenFile) = (caFile, secretFile, tokenFile)
    }
}
