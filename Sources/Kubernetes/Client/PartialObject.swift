/// What can be read of an object whose type cannot, field by field. Anything at all decodes as one.
struct PartialObject: Decodable {
    private enum CodingKeys: CodingKey {
        case metadata, name, namespace, resourceVersion
    }

    let key: ObjectKey?
    let resourceVersion: String?

    init(from decoder: any Decoder) throws {
        let container = try? decoder.container(keyedBy: CodingKeys.self)
        let metadata = try? container?.nestedContainer(keyedBy: CodingKeys.self, forKey: .metadata)
        let namespace = try? metadata?.decode(String.self, forKey: .namespace)
        key = (try? metadata?.decode(String.self, forKey: .name)).map { ObjectKey(namespace: namespace, name: $0) }
        resourceVersion = try? metadata?.decode(String.self, forKey: .resourceVersion)
    }

    func undecodable(_ reason: String) -> UndecodableObject {
        UndecodableObject(key: key, resourceVersion: resourceVersion, reason: reason)
    }
}
