import Foundation
import NIOCore
import TestBed

@testable import Kubernetes

extension FuzzTarget {
    static let quantity = text("quantity") { text in
        let quantity = Quantity(rawValue: text)
        try hold(!quantity.exceeds(quantity), "it exceeds itself")
        let json = try JSONEncoder().encode([quantity])
        try hold(try JSONDecoder().decode([Quantity].self, from: json) == [quantity], "its spelling is not kept")
        guard let amount = quantity.bytes else { return false }
        let whole = Quantity(bytes: amount)
        try hold(whole.bytes == amount && !quantity.exceeds(whole), "it is more than its \(amount) bytes")
        return true
    }

    static let time = text("time") { text in
        let (micro, second) = (MicroTime(text), Timestamp(text))
        try hold((micro == nil) == (second == nil), "it is a time to one reader, and to the other none")
        guard let micro, let second else { return false }
        try hold(MicroTime(micro.description) == micro, "\(micro) is not read as it was written")
        try hold(Timestamp(second.description) == second, "\(second) is not read as it was written")
        let rest = micro.microseconds - second.seconds * 1_000_000
        try hold((0..<1_000_000).contains(rest), "\(micro) is not in the second \(second)")
        return true
    }

    private static let kubeconfigFolder = try? TemporaryFolder()

    static let kubeconfig = FuzzTarget("kubeconfig", cases: 2400) { bytes in
        let file = URL(filePath: kubeconfigFolder?.path ?? "/nowhere").appending(path: "config")
        try Data(bytes).write(to: file)
        let cluster: ClusterConfiguration
        do throws(KubernetesError) {
            cluster = try ClusterConfiguration.load(kubeconfig: file.path(), environment: [:])
        } catch {
            try holdSentence(error)
            try hold(error.code == .configuration, "it is refused as \(error.code)")
            return false
        }
        try hold(!cluster.server.isEmpty, "a cluster without a server")
        return true
    }

    /// Events of a watch are those of the bytes, however the network cuts them, and each is told as something.
    static let watch = FuzzTarget("watch", cases: 3000) { bytes in
        let (frames, isTooLong) = Self.frames(of: [bytes])
        let (others, isTooLongInPieces) = Self.frames(of: bytes.pieces)
        try hold(frames == others && isTooLong == isTooLongInPieces, "the events depend on where they are cut")
        var isEvent = false
        for frame in frames {
            switch WatchEvent<PersistentVolumeClaim>(frame, decoder: JSONDecoder()) {
            case .added(let claim), .modified(let claim), .deleted(let claim):
                let encoder = JSONEncoder()
                encoder.outputFormatting = .sortedKeys
                let json = try encoder.encode(claim)
                let again = try JSONDecoder().decode(PersistentVolumeClaim.self, from: json)
                try hold(try encoder.encode(again) == json, "a claim changes when it is written")
                isEvent = true
            case .bookmark, .error: isEvent = true
            case .undecodable(let object, _): try hold(object.reason.contains(" "), "no sentence: \(object.reason)")
            }
        }
        return isEvent
    }

    private static func frames(of pieces: [[UInt8]]) -> (frames: [ByteBuffer], isTooLong: Bool) {
        var framer = WatchFramer(limit: 1000)
        var frames: [ByteBuffer] = []
        for piece in pieces {
            framer.append(ByteBuffer(bytes: piece))
            do {
                while let frame = try framer.next() { frames.append(frame) }
            } catch {
                return (frames, true)
            }
        }
        return (frames, false)
    }

    /// A list is that of the bytes, however the network cuts them; it has what a reader of the whole finds in it.
    static let list = FuzzTarget("list", cases: 3000) { bytes in
        let (page, pieces) = (Self.page(of: [bytes]), Self.page(of: bytes.pieces))
        try hold(Self.text(page) == Self.text(pieces), "the list depends on where it is cut")
        let whole = try? JSONDecoder().decode(ListPage<PersistentVolume>.self, from: Data(bytes))
        // JSON with two members of one name says nothing of which counts (RFC 8259, 4).
        let isClear = String(decoding: bytes, as: UTF8.self).ranges(of: #""items""#).count == 1
        if let whole, isClear {
            try hold(Self.text(page) == Self.text(whole), "the list is another when it is read whole")
        }
        return whole != nil
    }

    private static func page(of pieces: [[UInt8]]) -> ListPage<PersistentVolume>? {
        var reader = ListReader<PersistentVolume> { $0 }
        do {
            for piece in pieces { try reader.read(ByteBuffer(bytes: piece)) }
            return try reader.page()
        } catch {
            return nil
        }
    }

    /// As JSON with sorted keys: two equal dictionaries may be described in another order each.
    private static func text(_ page: ListPage<PersistentVolume>?) -> String {
        guard let page else { return "none" }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let items = (try? encoder.encode(page.items)).map { String(decoding: $0, as: UTF8.self) } ?? "\(page.items)"
        return "\(page.resourceVersion) \(page.continueToken ?? "") \(items) \(page.undecodable.map(\.key))"
    }
}
