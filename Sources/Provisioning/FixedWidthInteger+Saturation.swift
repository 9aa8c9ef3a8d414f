extension FixedWidthInteger {
    /// Adds and saturates at the type's bounds: a number on a share, or in a claim, may have any value.
    package func addingUpToMax(_ other: Self) -> Self {
        let (sum, overflows) = addingReportingOverflow(other)
        return overflows ? (other < 0 ? .min : .max) : sum
    }

    package mutating func addUpToMax(_ other: Self) {
        self = addingUpToMax(other)
    }
}
