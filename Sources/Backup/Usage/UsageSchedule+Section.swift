import Yams

extension UsageSchedule {
    /// Reads the section.
    ///
    /// - Parameters:
    ///   - node: What stands under `usage`.
    ///   - file: The file's path, for people.
    /// - Throws: ``SectionError`` with every mistake there is.
    package init(_ node: Node, file: String) throws(SectionError) {
        var reader = SectionReader(file: file)
        let keys = ["enabled", "interval", "volumesPerMinute"]
        let parts = reader.mapping(SectionPart(name: "usage", node: node), keys: keys) ?? [:]
        isEnabled = reader.flag(parts["enabled"]) ?? isEnabled
        interval = reader.age(parts["interval"], upTo: Age(seconds: 365 * 86_400)) ?? interval
        volumesPerMinute = reader.number(parts["volumesPerMinute"], in: 1...60_000) ?? volumesPerMinute
        try reader.finish()
    }
}
