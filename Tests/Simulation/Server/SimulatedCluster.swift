import Kubernetes

/// One request to the simulated API server.
package struct ClusterRequest: Sendable, CustomStringConvertible {
    /// GET, LIST, POST, PATCH or DELETE.
    package var verb: String
    /// Without the query.
    package var path: String
    package var body: JSONValue?
    package var contentType: String?

    package init(_ verb: String, _ path: String, body: JSONValue? = nil, contentType: String? = nil) {
        self.verb = verb
        self.path = path
        self.body = body
        self.contentType = contentType
    }

    var changes: Bool { !["GET", "LIST"].contains(verb) }

    package var description: String { "\(verb) \(path)" }
}

/// Its answer.
package struct ClusterAnswer: Sendable, Hashable, CustomStringConvertible {
    package var status: Int
    package var body: JSONValue

    /// Of a connection that broke.
    static let unreachable = ClusterAnswer(status: 0, body: .null)

    static func refusal(_ status: Int, _ reason: String) -> ClusterAnswer {
        let body: JSONValue = [
            "kind": "Status", "code": .integer(Int64(status)), "reason": .string(reason), "message": .string(reason),
        ]
        return ClusterAnswer(status: status, body: body)
    }

    package var description: String { "\(status)" }
}

/// An API server: objects as JSON by their paths, with uids, resource versions, finalizers, and the binding of volumes
/// to claims done at once.
package struct SimulatedCluster: Sendable {
    package private(set) var objects: [String: JSONValue] = [:]
    private var version: Int64 = 1

    package init() {}

    var stateHash: Int { objects.hashValue }

    /// Carries out one request.
    package mutating func answer(_ request: ClusterRequest) -> ClusterAnswer {
        let answer =
            switch request.verb {
            case "GET": objects[request.path].map { ClusterAnswer(status: 200, body: $0) } ?? .refusal(404, "NotFound")
            case "LIST": list(request.path)
            case "POST": create(request)
            case "PATCH": patch(request)
            case "DELETE": delete(request)
            default: ClusterAnswer.refusal(405, "MethodNotAllowed")
            }
        if request.changes, answer.status < 300 { bind() }
        return answer
    }

    private func list(_ collection: String) -> ClusterAnswer {
        let kind = collection.split(separator: "/").last.map(String.init) ?? ""
        let items = objects.filter { path, _ in
            path == "\(collection)/\(path.split(separator: "/").last ?? "")"
                || Self.plural(of: path) == kind && !collection.contains("/namespaces/")
        }
        let body: JSONValue = [
            "metadata": ["resourceVersion": .string("\(version)")],
            "items": .array(items.sorted { $0.key < $1.key }.map(\.value)),
        ]
        return ClusterAnswer(status: 200, body: body)
    }

    private static func plural(of path: String) -> String {
        path.split(separator: "/").dropLast().last.map(String.init) ?? ""
    }

    private mutating func create(_ request: ClusterRequest) -> ClusterAnswer {
        guard var object = request.body else { return .refusal(400, "BadRequest") }
        let generated = object["metadata"]["generateName"].text.map { "\($0)\(version)" }
        guard let name = object["metadata"]["name"].text ?? generated else { return .refusal(400, "BadRequest") }
        let path = "\(request.path)/\(name)"
        guard objects[path] == nil else { return .refusal(409, "AlreadyExists") }
        object["metadata"]["name"] = .string(name)
        if object["metadata"]["uid"].text == nil { object["metadata"]["uid"] = .string("uid-\(version)") }
        store(object, at: path)
        return ClusterAnswer(status: 201, body: objects[path] ?? .null)
    }

    private mutating func store(_ object: JSONValue, at path: String) {
        var object = object
        version += 1
        object["metadata"]["resourceVersion"] = .string("\(version)")
        objects[path] = object
        if object["metadata"]["deletionTimestamp"].text != nil, object["metadata"]["finalizers"].items.isEmpty {
            objects[path] = nil
        }
    }

    private mutating func patch(_ request: ClusterRequest) -> ClusterAnswer {
        let path = request.path.hasSuffix("/status") ? String(request.path.dropLast(7)) : request.path
        guard let object = objects[path], let change = request.body else { return .refusal(404, "NotFound") }
        for key in ["uid", "resourceVersion"] {
            if let expected = change["metadata"][key].text, expected != object["metadata"][key].text {
                return .refusal(409, "Conflict")
            }
        }
        var changed = object
        if request.contentType == "application/json-patch+json" {
            guard changed.apply(change.items) else { return .refusal(422, "Invalid") }
        } else {
            changed = object.merged(with: change)
        }
        let dropped = change["metadata"]["$deleteFromPrimitiveList/finalizers"].items
        changed["metadata"]["$deleteFromPrimitiveList/finalizers"] = .null
        if !dropped.isEmpty {
            changed["metadata"]["finalizers"] = .array(
                object["metadata"]["finalizers"].items.filter { !dropped.contains($0) }
            )
        }
        if changed != object { store(changed, at: path) }
        return ClusterAnswer(status: 200, body: changed)
    }

    private mutating func delete(_ request: ClusterRequest) -> ClusterAnswer {
        guard var object = objects[request.path] else { return .refusal(404, "NotFound") }
        let expected = request.body?["preconditions"]["uid"].text
        guard expected == nil || expected == object["metadata"]["uid"].text else { return .refusal(409, "Conflict") }
        if object["metadata"]["finalizers"].items.isEmpty {
            objects[request.path] = nil
        } else if object["metadata"]["deletionTimestamp"].text == nil {
            object["metadata"]["deletionTimestamp"] = "2026-01-01T00:00:00Z"
            store(object, at: request.path)
        }
        return ClusterAnswer(status: 200, body: object)
    }

    // MARK: Binding

    /// Binds volumes to the claims that they name, and releases those whose claim is gone.
    private mutating func bind() {
        for (path, volume) in objects where Self.plural(of: path) == "persistentvolumes" {
            let reference = volume["spec"]["claimRef"]
            guard let namespace = reference["namespace"].text, let name = reference["name"].text else { continue }
            let claimPath = "/api/v1/namespaces/\(namespace)/persistentvolumeclaims/\(name)"
            let claim = objects[claimPath]
            let isBound =
                claim.map { claim in
                    reference["uid"].text.map { $0 == claim["metadata"]["uid"].text } ?? true
                        && [nil, volume["metadata"]["name"].text].contains(claim["spec"]["volumeName"].text)
                } ?? false
            let phase: JSONValue = isBound ? "Bound" : volume["status"]["phase"] == "Bound" ? "Released" : .null
            if phase != .null, volume["status"]["phase"] != phase {
                var volume = volume
                volume["status"]["phase"] = phase
                store(volume, at: path)
            }
            if isBound, var claim, claim["spec"]["volumeName"].text == nil {
                claim["spec"]["volumeName"] = volume["metadata"]["name"]
                claim["status"]["phase"] = "Bound"
                store(claim, at: claimPath)
            }
        }
    }
}
