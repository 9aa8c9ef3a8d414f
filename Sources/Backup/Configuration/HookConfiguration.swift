import Yams

/// Reads the value of `hooks:` in the configuration file.
package enum HookConfiguration {
    /// - Parameters:
    ///   - node: The value, a list of hooks.
    ///   - path: The file, for the error.
    /// - Returns: The hooks in their order.
    /// - Throws: ``HookConfigurationError`` with every mistake; keys that are not known are mistakes.
    package static func hooks(from node: Node, path: String) throws(HookConfigurationError) -> [Hook] {
        var reader = NodeReader()
        var hooks: [Hook] = []
        var names: Set<String> = []
        for element in reader.list(node, "hooks", of: "hooks") {
            guard let hook = reader.hook(element) else { continue }
            if !names.insert(hook.name).inserted {
                reader.note(element, "a hook before is also called “\(hook.name)”: give each a name of its own")
            }
            hooks.append(hook)
        }
        guard reader.problems.isEmpty else {
            throw HookConfigurationError(path: path, problems: reader.problems.sorted { $0.line < $1.line })
        }
        return hooks
    }
}
