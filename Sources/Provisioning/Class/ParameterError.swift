/// A parameter of a StorageClass that is known and whose value cannot be read (P4: the parameter is named).
package struct ParameterError: Error, Hashable, Sendable, CustomStringConvertible {
    package let parameter: String
    package let value: String
    /// What would be read, e.g. "use delete, retain or archive".
    package let remedy: String

    package var description: String {
        "the class parameter \(parameter) has the value \"\(value)\", which cannot be read: \(remedy)"
    }
}
