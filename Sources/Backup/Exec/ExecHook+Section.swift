extension ExecHook {
    /// - Returns: nil, with a mistake, if it is no mapping.
    init?(_ part: SectionPart, reader: inout SectionReader) {
        let keys = ["command", "stdin", "passEnvironment"]
        guard let parts = reader.mapping(part, keys: keys, required: ["command"]) else { return nil }
        let command = reader.texts(parts["command"])
        if let part = parts["command"], let command, command.first?.isEmpty ?? true {
            reader.note(part, "has no program: list the program and its arguments")
        }
        self.init(command: command ?? [])
        stdin = reader.word(parts["stdin"], Input.self) ?? stdin
        passEnvironment = reader.elements(parts["passEnvironment"])?.compactMap { reader.text($0) } ?? []
    }
}
