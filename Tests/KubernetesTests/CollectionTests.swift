import Foundation
import Kubernetes
import TestBed
import Testing

@Suite("Collections on a real API server", .timeLimit(.minutes(10)))
struct CollectionTests {
    private let client: KubernetesClient

    init() throws {
        client = try Cluster.client()
    }

    /// The names a list gives in pages of `limit`, and its resource version.
    private func names(
        _ maps: API<ConfigMap>,
        in namespace: String,
        limit: Int
    ) async throws -> (names: [String], pages: Int, resourceVersion: String) {
        var names: [String] = []
        var pages = 0
        var versions: Set<String> = []
        var token: String?
        repeat {
            let page = try await maps.page(limit: limit, continueToken: token, namespace: namespace)
            names += page.items.map(\.key.name)
            versions.insert(page.resourceVersion)
            pages += 1
            token = page.continueToken
        } while token != nil
        #expect(versions.count == 1)
        return (names.filter { $0.hasPrefix("item-") }, pages, versions.first ?? "")
    }

    @Test func pagesTogetherAreTheWholeCollectionAtOneVersion() async throws {
        let maps = client.api(ConfigMap.self)
        try await Cluster.withNamespace(client) { namespace in
            try await Cluster.fill(namespace, count: 620, through: client)
            let listed = try await names(maps, in: namespace, limit: 100)
            #expect(Set(listed.names).count == 620)
            #expect(listed.names.count == 620)
            #expect(listed.pages == 7)

            let cached = try await maps.page(limit: nil, resourceVersion: listed.resourceVersion, namespace: namespace)
            #expect(cached.continueToken == nil)
            #expect(cached.items.count >= 620)

            let selected = try await maps.page(namespace: namespace, fieldSelector: "metadata.name=item-7")
            #expect(selected.items.map(\.key.name) == ["item-7"])
        }
    }

    @Test func aWatchFollowsFromAListAndResumesFromItsLastEvent() async throws {
        let maps = client.api(ConfigMap.self)
        try await Cluster.withNamespace(client) { namespace in
            let start = try await maps.page(namespace: namespace).resourceVersion
            let map = try await maps.create(ConfigMap("watched", in: namespace))
            _ = try await maps.patch(map.key, .merge(["data": ["x": "1"]]))

            // The first watch is left after one event, the second goes on from there.
            let first = try await follow(maps, namespace, from: start) { $0.count == 1 }
            #expect(first.changes == ["added"])
            try await maps.delete(map.key)
            let second = try await follow(maps, namespace, from: first.version) { $0.count == 2 }
            #expect(second.changes == ["modified", "deleted"])
        }
    }

    @Test func aSilentWatchEndsInTimeAndBringsABookmark() async throws {
        let maps = client.api(ConfigMap.self)
        try await Cluster.withNamespace(client) { namespace in
            let start = try await maps.page(namespace: namespace).resourceVersion
            // Other namespaces move the version on; only a bookmark tells this watch.
            try await Cluster.withNamespace(client) { _ = try await maps.create(ConfigMap("elsewhere", in: $0)) }
            var bookmarks: [String] = []
            // The API server sends one shortly before it ends a watch, if it gets to that.
            for _ in 0..<10 where bookmarks.isEmpty {
                try await maps.watch(from: start, timeoutSeconds: 4, namespace: namespace) {
                    event throws(KubernetesError) in
                    if case .bookmark(let version) = event { bookmarks.append(version) }
                }
            }
            let last = try #require(bookmarks.last)
            #expect(try #require(Int(last)) > #require(Int(start)))
        }
    }

    @Test func aVersionTheServerForgotIsGone() async throws {
        // Events are not cached by the API server, so an old version is asked of etcd itself.
        try await Etcd.compact(revision: 20)
        let events = client.api(Event.self)
        var code: KubernetesError.Code?
        do {
            try await events.watch(from: "2", timeoutSeconds: 5) { event throws(KubernetesError) in
                if case .error(let status) = event { code = KubernetesError(status: status).code }
            }
        } catch {
            code = error.code
        }
        #expect(code == .gone)
    }

    @Test func aContinueTokenOfAForgottenVersionIsGone() async throws {
        try await Etcd.compact(revision: 20)
        let maps = client.api(ConfigMap.self)
        try await Cluster.withNamespace(client) { namespace in
            try await Cluster.fill(namespace, count: 2, through: client)
            let page = try await maps.page(limit: 1, namespace: namespace)
            let old = try aged(try #require(page.continueToken))
            #expect(
                await Cluster.code {
                    _ = try await maps.page(limit: 1, continueToken: old, namespace: namespace)
                } == .gone
            )
        }
    }

    @Test func aWatchEndsWhenItsTaskIsCancelled() async throws {
        let maps = client.api(ConfigMap.self)
        let start = try await maps.page(limit: 1).resourceVersion
        let watching = Task { try await maps.watch(from: start) { _ in } }
        watching.cancel()
        let result = await watching.result
        #expect { try result.get() } throws: { ($0 as? KubernetesError)?.code == .cancelled }
    }

    /// Watches the object `watched` until `enough` of its changes were seen.
    private func follow(
        _ maps: API<ConfigMap>,
        _ namespace: String,
        from start: String,
        until enough: @escaping ([String]) -> Bool
    ) async throws -> Sightings {
        let seen = Sightings(version: start)
        do {
            try await maps.watch(from: start, timeoutSeconds: 30, namespace: namespace) {
                event throws(KubernetesError) in
                seen.note(event)
                if enough(seen.changes) { throw KubernetesError(code: .cancelled, reason: "seen enough") }
            }
        } catch {
            guard error.code == .cancelled else { throw error }
        }
        return seen
    }

    /// The changes of the object `watched`, and the version of the last.
    private final class Sightings {
        var changes: [String] = []
        var version: String

        init(version: String) {
            self.version = version
        }

        func note(_ event: WatchEvent<ConfigMap>) {
            switch event {
            case .added(let map): note("added", map)
            case .modified(let map): note("modified", map)
            case .deleted(let map): note("deleted", map)
            default: break
            }
        }

        private func note(_ change: String, _ map: ConfigMap) {
            guard map.key.name == "watched" else { return }
            changes.append(change)
            version = map.metadata.resourceVersion ?? version
        }
    }

    /// A continue token as it was at the first version.
    private func aged(_ token: String) throws -> String {
        let padded = token.padding(toLength: (token.count + 3) / 4 * 4, withPad: "=", startingAt: 0)
        let base64 = padded.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        let text = String(decoding: try #require(Data(base64Encoded: base64)), as: UTF8.self)
        let old = text.replacing(/"rv":\d+/, with: #""rv":2"#)
        try #require(old != text)
        return Data(old.utf8).base64EncodedString()
            .replacingOccurrences(of: "+", with: "-")
            .replacingOccurrences(of: "/", with: "_")
            .replacingOccurrences(of: "=", with: "")
    }
}
