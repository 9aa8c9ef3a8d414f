/// What a claim is to be filled from (`dataSource`, `dataSourceRef`).
package struct TypedObjectReference: Codable, Hashable, Sendable {
    package var apiGroup: String?
    package var kind: String
    package var name: String
    /// Only in `dataSourceRef`, for a source in another namespace.
    package var namespace: String?

    package init(apiGroup: String? = nil, kind: String, name: String, namespace: String? = nil) {
        self.apiGroup = apiGroup
        self.kind = kind
        self.name = name
        self.namespace = namespace
    }
}
