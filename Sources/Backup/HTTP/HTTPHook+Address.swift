import Foundation

extension HTTPHook {
    /// Whether it is an `https` address a hook may have. One with a user in it would show a secret to logs.
    static func isAddress(_ text: String) -> Bool {
        guard let components = URLComponents(string: text), let host = components.host else { return false }
        return components.scheme?.lowercased() == "https" && !host.isEmpty && components.user == nil
            && components.password == nil && components.fragment == nil
    }
}
