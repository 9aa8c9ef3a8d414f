/// Something that a report could not see, so that nothing counts as well for want of a look.
package struct BlindSpot: Codable, Sendable, Hashable {
    /// `server:/path`; nil: the cluster.
    package var export: String?
    /// A record's name, if it is no more than that.
    package var record: String?
    /// One sentence: what was tried, and why it failed.
    package var reason: String

    package init(export: String? = nil, record: String? = nil, reason: String) {
        self.export = export
        self.record = record
        self.reason = reason
    }
}
