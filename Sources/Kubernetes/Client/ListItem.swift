/// An object of a list, or what can be read of it.
enum ListItem<Object: KubernetesObject>: Decodable {
    case object(Object)
    case undecodable(UndecodableObject)

    init(from decoder: any Decoder) throws {
        do {
            self = .object(try Object(from: decoder))
        } catch {
            let partial = try PartialObject(from: decoder)
            let name = partial.key?.description ?? "without a name"
            self = .undecodable(
                partial.undecodable("\(Object.resource.kind) \(name): \(decodingReason(error))")
            )
        }
    }
}
