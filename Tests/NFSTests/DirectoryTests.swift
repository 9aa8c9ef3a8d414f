import Foundation
import Testing

@testable import NFS

@Suite struct DirectoryTests {
    @Test func listsThreeThousandEntriesPageByPage() async throws {
        try await NFSServer.shared.value.withDirectory { space in
            let names = Set((0..<3000).map { "a-rather-long-name-of-a-file-\($0)" })
            try await create(names, in: space.folder)
            var pages = 0
            var listed: [String] = []
            var cursor: DirectoryCursor? = .start
            while let start = cursor {
                let page = try await space.export.readDirectory(space.directory, from: start)
                listed += page.entries.compactMap(\.name.string)
                cursor = page.next
                pages += 1
            }
            #expect(pages > 1)
            #expect(listed.count == names.count)
            #expect(Set(listed) == names)
            var iterated = 0
            for try await entry in space.export.entries(of: space.directory) {
                iterated += 1
                #expect(entry.attributes?.type == .regular)
            }
            #expect(iterated == names.count)
        }
    }

    @Test func listsNamesThatAreNotText() async throws {
        try await NFSServer.shared.value.withDirectory { space in
            let names = try [[0xC3, 0x28, 0x0A, 0xFF], [UInt8](repeating: 0x78, count: 255)].map(NFSName.init(bytes:))
            for name in names { create(name.bytes, in: space.folder) }
            let page = try await space.export.readDirectory(space.directory)
            #expect(Set(page.entries.map(\.name)) == Set(names))
            #expect(page.next == nil)
        }
    }

    @Test func anEmptyDirectoryHasNoEntries() async throws {
        try await NFSServer.shared.value.withDirectory { space in
            let page = try await space.export.readDirectory(space.directory)
            #expect(page == DirectoryPage(entries: [], next: nil))
        }
    }
}
