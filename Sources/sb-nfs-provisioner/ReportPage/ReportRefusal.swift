import HTTPTypes

/// Why somebody does not get what they asked for.
struct ReportRefusal: Error {
    let status: HTTPResponse.Status
    /// For them to read; nil: they only have to say who they are.
    let sentence: String?

    init(_ status: HTTPResponse.Status, _ sentence: String?) {
        (self.status, self.sentence) = (status, sentence)
    }
}
