import Provisioning
import Settings
import Yams

extension Dictionary<ExportPath, Topology> {
    /// Reads the section `topology`: a list of exports with the labels of the nodes that can reach them.
    ///
    /// - Parameters:
    ///   - node: The value of `topology`.
    ///   - file: The file's path, for messages.
    /// - Throws: `SectionError` with every mistake.
    package init(_ node: Node, file: String) throws(SectionError) {
        self.init()
        var reader = SectionReader(file: file)
        for element in reader.elements(SectionPart(name: "topology", node: node)) ?? [] {
            let parts = reader.mapping(element, keys: ["export", "labels"], required: ["export", "labels"]) ?? [:]
            let export = reader.value(parts["export"], expected: "write server:/path") { ExportPath($0) }
            var term = Topology.Term()
            let labels = parts["labels"].flatMap {
                reader.mapping($0, expected: "write a label and its values below it")
            }
            for (key, part) in labels ?? [:] { term[key] = Set(reader.names(part) ?? []) }
            guard let export else { continue }
            let terms = self[export]?.terms ?? []
            self[export] = Topology(terms: terms + [term])
        }
        try reader.finish()
    }
}
