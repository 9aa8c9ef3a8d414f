import Foundation
import NIOCore
import NIOFoundationCompat

/// Reads a page of a list object by object, as its text comes in.
struct ListReader<Object: KubernetesObject> {
    /// What is kept of each object.
    let kept: @Sendable (Object) -> Object
    private let decoder = JSONDecoder()
    private var framer = ListFramer()
    private var items: [Object] = []
    private var undecodable: [UndecodableObject] = []

    init(kept: @escaping @Sendable (Object) -> Object) {
        self.kept = kept
    }

    /// - Throws: `DecodingError` if an item is no JSON.
    mutating func read(_ chunk: ByteBuffer) throws {
        framer.append(chunk)
        while let text = framer.next() {
            switch try decoder.decode(ListItem<Object>.self, from: text) {
            case .object(let object): items.append(kept(object))
            case .undecodable(let object): undecodable.append(object)
            }
        }
    }

    /// The page, once all has come.
    ///
    /// - Throws: `DecodingError` if what surrounds the items is no list, or has no end.
    func page() throws -> ListPage<Object> {
        var page = try decoder.decode(ListPage<Object>.self, from: framer.envelope)
        // Those whose member is spelt so that it was not cut out are in it already.
        page.items = page.items.isEmpty ? items : items + page.items
        page.undecodable += undecodable
        return page
    }
}
