/// A part, or all, of a collection.
package struct ListPage<Object: KubernetesObject>: Sendable {
    package var items: [Object]
    /// Where a watch goes on from, once the last page was read. The same on every page of one list.
    package var resourceVersion: String
    /// Asks for the next page; `nil` on the last.
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
