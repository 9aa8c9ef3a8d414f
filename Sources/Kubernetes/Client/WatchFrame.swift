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
            event = .undecodable("“\(type.prefix(40))” is not an event type")
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

    /// The event for a line that is about no object.
    fileprivate static func undecodable(_ reason: String) -> WatchEvent {
        .undecodable(UndecodableObject(reason: reason), isDeleted: false)
    }
}

/// The readable fields of an object that does not decode as its type. Any JSON value decodes as one.
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

/// Splits the byte stream of a watch into events, one per line.
struct WatchFramer {
    private let limit: Int
    private var buffer = ByteBuffer()
    /// Bytes at the front of `buffer` known to hold no line end.
    private var searched = 0

    /// - Parameter limit: The largest event, in bytes.
    init(limit: Int) {
        self.limit = limit
    }

    /// Appends a chunk from the network; it may end anywhere.
    mutating func append(_ chunk: ByteBuffer) {
        if buffer.readableBytes == 0 {
            buffer = chunk
            searched = 0
        } else {
            buffer.discardReadBytes()
            buffer.writeImmutableBuffer(chunk)
        }
    }

    /// Returns the next whole event without its line end, or `nil` until more arrives. Empty lines are skipped.
    ///
    /// - Throws: ``KubernetesError/Code/tooLarge`` if an event is larger than the limit.
    mutating func next() throws(KubernetesError) -> ByteBuffer? {
        while true {
            let unsearched = buffer.readableBytesView.dropFirst(searched)
            guard let lineEnd = unsearched.firstIndex(of: UInt8(ascii: "\n")) else {
                searched = buffer.readableBytes
                guard searched <= limit else { throw tooLarge }
                return nil
            }
            let length = lineEnd - buffer.readerIndex
            searched = 0
            guard length <= limit else { throw tooLarge }
            let frame = buffer.readSlice(length: length)
            buffer.moveReaderIndex(forwardBy: 1)
            if length > 0 { return frame }
        }
    }

    private var tooLarge: KubernetesError {
        KubernetesError(code: .tooLarge, reason: "an event of the watch is larger than \(limit) bytes")
    }
}
