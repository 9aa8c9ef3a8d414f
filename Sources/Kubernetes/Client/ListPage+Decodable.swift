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
        // The server writes null for a collection that is empty.
        guard container.contains(.items), try !container.decodeNil(forKey: .items) else { return }
        var elements = try container.nestedUnkeyedContainer(forKey: .items)
        items.reserveCapacity(elements.count ?? 0)
        while !elements.isAtEnd {
            do {
                items.append(try elements.decode(Object.self))
            } catch {
                // A failed decode does not advance: what can be read of the element takes its place.
                let partial = try elements.decode(PartialObject.self)
                let name = partial.key?.description ?? "without a name"
                undecodable.append(partial.undecodable("\(Object.resource.kind) \(name): \(decodingReason(error))"))
            }
        }
    }
}
