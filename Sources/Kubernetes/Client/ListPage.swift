/// A part, or all, of a collection.
package struct ListPage<Object: KubernetesObject>: Sendable {
    package var items: [Object]
    /// The version that a watch continues from after the last page. It is the same on every page of one list.
    package var resourceVersion: String
    /// The token for the next page; `nil` on the last page.
    package var continueToken: String?
    /// The objects of the page this program cannot read.
    package var undecodable: [UndecodableObject]

    mutating func add(_ item: ListItem<Object>) {
        switch item {
        case .object(let object): items.append(object)
        case .undecodable(let object): undecodable.append(object)
        }
    }
}

extension ListPage: Decodable {
    private enum CodingKeys: String, CodingKey {
        case metadata, items
    }

    private struct Metadata: Decodable {
        var resourceVersion: String
        var `continue`: String?
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let metadata = try container.decode(Metadata.self, forKey: .metadata)
        self.init(
            items: [],
            resourceVersion: metadata.resourceVersion,
            continueToken: metadata.continue.flatMap { $0.isEmpty ? nil : $0 },
            undecodable: []
        )
        // The server writes null for an empty collection.
        guard container.contains(.items), try !container.decodeNil(forKey: .items) else { return }
        var elements = try container.nestedUnkeyedContainer(forKey: .items)
        while !elements.isAtEnd { add(try elements.decode(ListItem<Object>.self)) }
    }
}

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
