extension HTTPHook {
    /// - Returns: nil, with a mistake, if it has no address that can be used.
    init?(_ part: SectionPart, reader: inout SectionReader) {
        let keys = ["url", "caFile", "secretFile", "tokenFile"]
        guard let parts = reader.mapping(part, keys: keys, required: ["url"]) else { return nil }
        let expected = "use an https address without user, password and fragment"
        let url = reader.value(parts["url"], isShown: false, expected: expected) { Self.isAddress($0) ? $0 : nil }
        let (caFile, secretFile) = (reader.text(parts["caFile"]), reader.text(parts["secretFile"]))
        let tokenFile = reader.text(parts["tokenFile"])
        guard let url else { return nil }
        self.init(url: url)
        (self.caFile, self.secretFile, self.tokenFile) = (caFile, secretFile, tokenFile)
    }
}
