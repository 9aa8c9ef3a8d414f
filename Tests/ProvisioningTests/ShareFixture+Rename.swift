import Logging
import NFS
import Provisioning

extension ShareFixture {
    /// Renames something in the share's root through the server, which would not notice at once what is done behind its back.
    func rename(_ name: String, to newName: String) async throws {
        let export = Export(address: address.export.address, options: address.options, logger: Logger(label: "test"))
        do {
            let root = try await export.root().handle
            var folder = root
            var names = newName.split(separator: "/").map(String.init)
            let last = names.removeLast()
            for name in names { folder = try await export.lookup(NFSName(name), in: folder).handle }
            try await export.rename(NFSName(name), in: root, to: NFSName(last), in: folder)
        } catch {
            await export.close()
            throw error
        }
        await export.close()
    }
}
