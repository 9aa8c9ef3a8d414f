extension FixedWidthInteger {
    /// A sum that stays at the largest or smallest value there is: what stands on a share, or in a claim, may be any number.
    package func addingUpToMax(_ other: Self) -> Self {
        let (sum, overflows) = addingReportingOverflow(other)
        return overflows ? (other < 0 ? .min : .max) : sum
    }

    package mutating func addUpToMax(_ other: Self) {
        self = addingUpToMax(other)
    }
}
