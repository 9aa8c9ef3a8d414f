import Backup
import Kubernetes
import Logging

/// The copies at the destinations that a command works on.
struct CopiesInUse {
    private(set) var copies: [StoredCopy] = []
    /// Why destinations could not be read, a sentence each.
    private(set) var failures: [String] = []
    /// The destinations, for messages.
    let places: String

    /// Reads the destinations that hooks name, or a single one, and closes them after `body`.
    ///
    /// - Parameters:
    ///   - hooks: The configured hooks.
    ///   - destination: The single destination to read, which need not be a hook's; nil for those of all hooks.
    ///   - body: What the command does.
    /// - Throws: ``ConfigurationError`` if there is no destination, and what `body` throws.
    static func read(
        _ hooks: [Hook],
        only destination: String?,
        _ body: (CopiesInUse) async throws -> Void
    ) async throws {
        let destinations = try Self.destinations(hooks, only: destination)
        var inUse = CopiesInUse(places: destinations.map(\.description).joined(separator: ", "))
        var stores: [CopyStore] = []
        for destination in destinations {
            do {
                let store = try await CopyStore(
                    destination,
                    logger: Logger(label: "copy") { _ in SwiftLogNoOpLogHandler() }
                )
                stores.append(store)
                inUse.copies += try await store.copies(now: .now)
            } catch {
                inUse.failures.append("the copies at \(destination) cannot be read: \(error)")
            }
        }
        var failure: (any Error)?
        do {
            try await body(inUse)
        } catch {
            failure = error
        }
        for store in stores { await store.close() }
        if let failure { throw failure }
    }

    private init(places: String) {
        self.places = places
    }

    private static func destinations(_ hooks: [Hook], only text: String?) throws -> [CopyHook.Destination] {
        var destinations: [CopyHook.Destination] = []
        for case .copy(let hook) in hooks.map(\.action) where !destinations.contains(hook.to) {
            destinations.append(hook.to)
        }
        if let text {
            guard let named = CopyHook.Destination(text) else {
                throw ConfigurationError(
                    "--from is \"\(text)\": use server:/path, or an absolute path for a local folder"
                )
            }
            // A hook's destination has mount options.
            return [destinations.first { $0.description == named.description } ?? named]
        }
        guard !destinations.isEmpty else {
            throw ConfigurationError(
                "no hook makes copies: give --config a file with a copy hook, or name a destination with --from"
            )
        }
        return destinations
    }
}
