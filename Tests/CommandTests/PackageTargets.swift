import Foundation

/// The targets that `Package.swift` declares.
struct PackageTargets {
    struct Target {
        let name: String
        /// Its folder in the project.
        let folder: String
        /// The targets of the package that it depends on.
        let dependencies: Set<String>
    }

    let targets: [Target]

    init() throws {
        let file = MarkdownDocument.project.appending(path: "Package.swift")
        let text = try String(contentsOf: file, encoding: .utf8)
        let heads = text.matches(of: /\.(systemLibrary|target|executableTarget|testTarget)\(\s*name: "([^"]+)"/)
        let names = Set(heads.map { String($0.2) })
        let ends = heads.dropFirst().map { $0.range.lowerBound } + [text.endIndex]
        var targets: [Target] = []
        for (head, end) in zip(heads, ends) {
            let name = String(head.2)
            let declaration = text[head.range.lowerBound..<end]
            let path = declaration.firstMatch(of: /path: "([^"]+)"/).map { String($0.1) }
            let parent = head.1 == "testTarget" ? "Tests" : "Sources"
            let strings = Set(declaration.matches(of: /"([^"]+)"/).map { String($0.1) })
            targets.append(
                Target(
                    name: name,
                    folder: path ?? "\(parent)/\(name)",
                    dependencies: strings.intersection(names).subtracting([name])
                )
            )
        }
        self.targets = targets
    }
}
