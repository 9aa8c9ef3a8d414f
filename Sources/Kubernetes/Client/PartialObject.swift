/// What can be read of an object whose type cannot, field by field. Anything at all decodes as one.
struct PartialObject: Decodable {
    private enum CodingKeys: CodingKey {
        case metadata, name, namespace, resourceVersion
    }

    let name: String?
    let namespace: String?
    let resourceVersion: String?

    init(from decoder: any Decoder) throws {
        let container = try? decoder.container(keyedBy: CodingKeys.self)
        let metadata = try? container?.nestedContainer(keyedBy: CodingKeys.self, forKey: .metadata)
        name = try? metadata?.decode(String.self, forKey: .name)
        namespace = try? metadata?.decode(String.self, forKey: .namespace)
        resourceVersion = try? metadata?.decode(String.self, forKey: .resourceVersion)
    }
}
