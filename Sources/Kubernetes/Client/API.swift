/// The objects of one type, on one API server.
///
/// It has no state of its own: create one where it is used.
package struct API<Object: KubernetesObject>: Sendable {
    private let client: KubernetesClient

    package init(client: KubernetesClient) {
        self.client = client
    }

    /// Reads one object.
    package func get(_ key: ObjectKey) async throws(KubernetesError) -> Object {
        try await client.object(Request(.get, Object.resource, key))
    }

    /// Creates an object, named by `metadata.name` or `generateName`.
    ///
    /// - Parameters:
    ///   - object: The object to create.
    ///   - isRehearsal: Whether the server only validates the object and stores nothing (a dry run).
    /// - Returns: The object as the server stored it, or would have.
    /// - Throws: ``KubernetesError/Code/alreadyExists``, or the error for any other refusal of the server.
    package func create(_ object: Object, isRehearsal: Bool = false) async throws(KubernetesError) -> Object {
        var request = try Request(creating: object.metadata, of: Object.resource)
        if isRehearsal { request.query("dryRun", "All") }
        try request.setBody(object)
        return try await client.object(request)
    }

    /// Requests the deletion of an object; finalizers may delay it.
    ///
    /// - Parameters:
    ///   - key: The key of the object.
    ///   - uid: Precondition: fails with ``KubernetesError/Code/conflict`` if the object has another UID.
    /// - Throws: Also ``KubernetesError/Code/notFound``.
    package func delete(_ key: ObjectKey, uid: String? = nil) async throws(KubernetesError) {
        var request = try Request(.delete, Object.resource, key)
        try request.setBody(DeleteOptions(preconditions: DeleteOptions.Preconditions(uid: uid)))
        try await client.perform(request)
    }

    /// Changes an object.
    ///
    /// - Parameters:
    ///   - key: The key of the object.
    ///   - patch: The change and its preconditions.
    ///   - subresource: `status`, for a type with a status subresource.
    /// - Returns: The object as it is after the change.
    /// - Throws: ``KubernetesError/Code/conflict`` if a precondition does not hold.
    package func patch(
        _ key: ObjectKey,
        _ patch: Patch,
        subresource: String? = nil
    ) async throws(KubernetesError) -> Object {
        var request = try Request(.patch, Object.resource, key)
        if let subresource { request.append(subresource: subresource) }
        try request.setBody(patch.body, contentType: patch.contentType)
        return try await client.object(request)
    }

    /// Reads a page of the collection.
    ///
    /// - Parameters:
    ///   - limit: The most objects a page may hold; `nil` reads all in one page.
    ///   - continueToken: The token of the previous page; `nil` for the first page.
    ///   - resourceVersion: The oldest acceptable state, which the server may serve from its cache; `nil` for the most
    ///     recent one. Ignored with a continue token.
    ///   - namespace: Only this namespace; `nil` for all.
    ///   - fieldSelector: Such as `metadata.name=x`.
    ///   - labelSelector: Such as `app=x`.
    ///   - kept: Returns what to keep of an object; called with each as soon as it is read, before the next one
    ///     arrives.
    /// - Returns: The page.
    /// - Throws: ``KubernetesError/Code/gone`` if the continue token expired: start again from the first page;
    ///   ``KubernetesError/Code/tooLarge`` if the page exceeds the client's limit: request fewer objects.
    package func page(
        limit: Int? = 500,
        continueToken: String? = nil,
        resourceVersion: String? = nil,
        namespace: String? = nil,
        fieldSelector: String? = nil,
        labelSelector: String? = nil,
        kept: @escaping @Sendable (Object) -> Object = { $0 }
    ) async throws(KubernetesError) -> ListPage<Object> {
        var request = try Request(.list, Object.resource, namespace: namespace)
        request.query("limit", limit.map(String.init))
        request.query("continue", continueToken)
        if continueToken == nil, let resourceVersion {
            request.query("resourceVersion", resourceVersion)
            request.query("resourceVersionMatch", "NotOlderThan")
        }
        request.query("fieldSelector", fieldSelector)
        request.query("labelSelector", labelSelector)
        return try await client.list(request, kept: kept)
    }

    /// Reads all objects page by page; starts over once if the server no longer has the next page.
    ///
    /// - Parameter namespace: Only this namespace; `nil` for all.
    /// - Returns: The objects.
    /// - Throws: ``KubernetesError/Code/decoding`` if an object cannot be read: a result without it would look
    ///   complete.
    package func all(namespace: String? = nil) async throws(KubernetesError) -> [Object] {
        do {
            return try await pages(namespace)
        } catch let error where error.code == .gone {
            return try await pages(namespace)
        }
    }

    private func pages(_ namespace: String?) async throws(KubernetesError) -> [Object] {
        var objects: [Object] = []
        var token: String?
        repeat {
            let page = try await page(continueToken: token, namespace: namespace)
            if let unreadable = page.undecodable.first {
                throw KubernetesError(code: .decoding, reason: unreadable.reason)
            }
            objects += page.items
            token = page.continueToken
        } while token != nil
        return objects
    }

    /// Watches the collection from a resource version on.
    ///
    /// Returns when the server ends the watch, after `timeoutSeconds` at the latest. An error of `body`, or cancelling
    /// the task, closes the connection. Nothing is read while `body` runs: it should apply the event to a store and
    /// return.
    ///
    /// - Parameters:
    ///   - resourceVersion: The version to start from, of a list or an earlier event.
    ///   - timeoutSeconds: The time after which the server ends the watch, in seconds; at most the client's
    ///     ``ClientLimits/longestWatchSeconds``.
    ///   - namespace: Only this namespace; `nil` for all.
    ///   - body: Called for each event in turn.
    /// - Throws: What `body` throws; ``KubernetesError/Code/gone`` if the server rejects a version as too old at the
    ///   start (later it arrives as ``WatchEvent/error(_:)``); ``KubernetesError/Code/connectionLost`` if the stream
    ///   breaks.
    package func watch(
        from resourceVersion: String,
        timeoutSeconds: Int = 300,
        namespace: String? = nil,
        _ body: (WatchEvent<Object>) async throws(KubernetesError) -> Void
    ) async throws(KubernetesError) {
        var request = try Request(.watch, Object.resource, namespace: namespace)
        request.query("watch", "1")
        request.query("allowWatchBookmarks", "true")
        request.query("resourceVersion", resourceVersion)
        request.query("timeoutSeconds", String(min(timeoutSeconds, client.limits.longestWatchSeconds)))
        try await client.watch(request, body)
    }
}

/// The body of a DELETE (`meta/v1`).
struct DeleteOptions: Encodable, Sendable {
    /// What must hold for the object to be deleted.
    struct Preconditions: Encodable, Sendable {
        var uid: String?
    }

    let apiVersion = "v1"
    let kind = "DeleteOptions"
    var preconditions: Preconditions
}
