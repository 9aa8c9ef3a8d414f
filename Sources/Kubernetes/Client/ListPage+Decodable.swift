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
        while !elements.isAtEnd { add(try elements.decode(ListItem<Object>.self)) }
    }
}
