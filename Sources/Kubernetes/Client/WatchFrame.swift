import Foundation
import NIOCore
import NIOFoundationCompat

/// One line of a watch. What `object` is depends on `type`.
private struct WatchFrame<Object: KubernetesObject>: Decodable {
    let event: WatchEvent<Object>

    private enum CodingKeys: String, CodingKey {
        case type, object
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let type = try container.decode(String.self, forKey: .type)
        func object(_ make: (Object) -> WatchEvent<Object>) throws -> WatchEvent<Object> {
            do {
                return make(try container.decode(Object.self, forKey: .object))
            } catch {
                let partial = try container.decode(PartialObject.self, forKey: .object)
                return .undecodable(
                    partial.undecodable("\(type): \(decodingReason(error))"),
                    isDeleted: type == "DELETED"
                )
            }
        }
        switch type {
        case "ADDED": event = try object(WatchEvent.added)
        case "MODIFIED": event = try object(WatchEvent.modified)
        case "DELETED": event = try object(WatchEvent.deleted)
        case "BOOKMARK":
            let version = try container.decode(PartialObject.self, forKey: .object).resourceVersion
            event =
                version.map { .bookmark(resourceVersion: $0) }
                ?? .undecodable("a bookmark without a resourceVersion")
        case "ERROR":
            event = .error(try container.decode(Status.self, forKey: .object))
        default:
            event = .undecodable("“\(type.prefix(40))” is no type of event")
        }
    }
}

extension WatchEvent {
    /// Reads one line of a watch.
    init(_ frame: ByteBuffer, decoder: JSONDecoder) {
        do {
            self = try decoder.decode(WatchFrame<Object>.self, from: frame).event
        } catch {
            self = .undecodable(decodingReason(error))
        }
    }

    /// A line that tells of no object.
    fileprivate static func undecodable(_ reason: String) -> WatchEvent {
        .undecodable(UndecodableObject(reason: reason), isDeleted: false)
    }
}
