/// A change to an object that leaves the fields it does not name alone.
///
/// Objects are never sent back whole: the models here are partial, and a PUT would erase what they leave out.
package struct Patch: Hashable, Sendable {
    /// The media type that tells the API server how to read the body.
    package let contentType: String
    /// The body.
    package let body: JSONValue

    /// A JSON merge patch (RFC 7396): named fields are replaced, `nil` removes one, lists are replaced whole.
    ///
    /// - Parameters:
    ///   - fields: The change.
    ///   - uid: Precondition: fails with a conflict if the object has another UID.
    ///   - resourceVersion: Precondition: fails with a conflict if the object changed since this version.
    /// - Returns: The patch.
    package static func merge(_ fields: JSONValue, uid: String? = nil, resourceVersion: String? = nil) -> Patch {
        var preconditions: [String: JSONValue] = [:]
        preconditions["uid"] = uid.map { .string($0) }
        preconditions["resourceVersion"] = resourceVersion.map { .string($0) }
        guard !preconditions.isEmpty else { return Patch(contentType: mergeType, body: fields) }
        return Patch(contentType: mergeType, body: fields.merging(.object(["metadata": .object(preconditions)])))
    }

    /// A JSON patch (RFC 6902): all operations, or none.
    package static func json(_ operations: [Operation]) -> Patch {
        Patch(contentType: "application/json-patch+json", body: .array(operations.map(\.value)))
    }

    /// Replaces the finalizers of an object, if it has not changed since `metadata` was read.
    package static func finalizers(_ finalizers: [String], of metadata: ObjectMeta) -> Patch {
        merge(
            ["metadata": ["finalizers": .array(finalizers.map { .string($0) })]],
            uid: metadata.uid,
            resourceVersion: metadata.resourceVersion
        )
    }

    /// Removes one finalizer from an object of a built-in type, whatever other finalizers it has by now.
    ///
    /// - Parameters:
    ///   - finalizer: The finalizer to remove.
    ///   - uid: Precondition: fails if the object has another UID.
    /// - Returns: A strategic merge patch; it changes nothing if the finalizer is gone already.
    package static func removingFinalizer(_ finalizer: String, uid: String?) -> Patch {
        var fields: [String: JSONValue] = ["$deleteFromPrimitiveList/finalizers": [.string(finalizer)]]
        fields["uid"] = uid.map { .string($0) }
        return Patch(
            contentType: "application/strategic-merge-patch+json",
            body: .object(["metadata": .object(fields)])
        )
    }

    private static let mergeType = "application/merge-patch+json"
}

extension Patch {
    /// One operation of a JSON patch. Paths are JSON pointers (RFC 6901): `/` in a key is `~1`, `~` is `~0`.
    package enum Operation: Hashable, Sendable {
        case test(path: String, value: JSONValue)
        /// Adds a value, or replaces the existing one.
        case add(path: String, value: JSONValue)
        case remove(path: String)

        fileprivate var value: JSONValue {
            switch self {
            case .test(let path, let value): ["op": "test", "path": .string(path), "value": value]
            case .add(let path, let value): ["op": "add", "path": .string(path), "value": value]
            case .remove(let path): ["op": "remove", "path": .string(path)]
            }
        }
    }
}

extension JSONValue {
    /// This object overlaid with the fields of another; nested objects are merged field by field.
    fileprivate func merging(_ other: JSONValue) -> JSONValue {
        guard case .object(let fields) = self, case .object(let added) = other else { return other }
        return .object(fields.merging(added) { $0.merging($1) })
    }
}
