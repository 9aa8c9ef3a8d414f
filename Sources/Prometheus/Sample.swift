/// One value of a family.
package struct Sample: Hashable, Sendable {
    /// The values of the family's labels, in their order.
    package let labels: [String]
    package let value: Double

    package init(_ value: Double, _ labels: String...) {
        self.labels = labels
        self.value = value
    }

    init(_ value: Double, labels: [String]) {
        self.labels = labels
        self.value = value
    }
}
