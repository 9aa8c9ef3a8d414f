import Foundation
import Kubernetes
import Subprocess
import SystemPackage
import TestBed
import Testing

@Suite("The software bill of materials")
struct BillOfMaterialsTests {
    private struct Pins: Decodable {
        struct Pin: Decodable {
            struct State: Decodable {
                let version: String?
                let revision: String
            }
            let location: String
            let state: State
        }
        let pins: [Pin]
    }

    private struct Component: Hashable {
        let name: String
        let version: String
    }

    @Test(
        "It has every Swift package of the build, the C libraries in them, and every package that the image installs"
    )
    func complete() async throws {
        let folder = try TemporaryFolder()
        let repository = ManifestTools.repository
        let made = try await Subprocess.run(
            .path(FilePath(repository.appending(path: "scripts/sbom.sh").path())),
            arguments: ["\(folder.path)/sbom.json"],
            output: .discarded,
            error: .string(limit: 1 << 16)
        )
        try #require(made.terminationStatus.isSuccess, "\(made.standardError)")
        let data = try Data(contentsOf: URL(filePath: "\(folder.path)/sbom.json"))
        let document = try JSONDecoder().decode(JSONValue.self, from: data)
        #expect(document["bomFormat"] == "CycloneDX" && document["specVersion"] == "1.6")
        let components = document["components"]?.elements ?? []
        let swift = components.filter { $0["purl"]?.text?.hasPrefix("pkg:swift/") == true }
        let debian = components.filter { $0["purl"]?.text?.hasPrefix("pkg:deb/debian/") == true }
        let copies = components.filter { $0["purl"]?.text?.hasPrefix("pkg:github/") == true }
        #expect(Set(copies.compactMap { $0["name"]?.text }) == ["boringssl", "llhttp", "libyaml"])
        #expect(swift.count + copies.count + debian.count == components.count)
        for component in components {
            #expect(component["licenses"]?.elements.isEmpty == false && component["version"]?.text?.isEmpty == false)
        }

        let pins = try JSONDecoder().decode(
            Pins.self,
            from: Data(contentsOf: repository.appending(path: "Package.resolved"))
        ).pins
        let pinned = pins.map { pin in
            let name = URL(filePath: pin.location).lastPathComponent.replacing(/\.git$/, with: "")
            return Component(name: name, version: pin.state.version ?? pin.state.revision)
        }
        #expect(pinned.count > 20 && Set(pinned).isSubset(of: swift.map(Self.component)))
        for component in swift {
            let licence = component["licenses", "0", "license", "id"] ?? component["licenses", "0", "expression"]
            let known: [JSONValue] = ["Apache-2.0", "Apache-2.0 WITH Swift-exception", "MIT"]
            #expect(licence.map(known.contains) == true, "\(component)")
        }

        let dockerfile = try String(contentsOf: repository.appending(path: "Dockerfile"), encoding: .utf8)
        let stage = try #require(dockerfile.split(separator: "\nFROM ").last)
        let words = try #require(stage.firstMatch(of: /--no-install-recommends([^&]*)&&/)).1
        let installed = words.split { " \\\n".contains($0) }.map(String.init)
        #expect(installed.contains("libnfs13") && Set(installed) == Set(debian.compactMap { $0["name"]?.text }))
    }

    private static func component(_ value: JSONValue) -> Component {
        Component(name: value["name"]?.text ?? "", version: value["version"]?.text ?? "")
    }
}
