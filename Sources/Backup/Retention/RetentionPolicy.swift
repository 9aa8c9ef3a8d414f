import Provisioning

/// Which archives are purged, and how fast: the section `retention` of the configuration file.
package struct RetentionPolicy: Sendable, Hashable {
    /// The time between two runs.
    package var interval = Age(seconds: 3600)
    /// How many archives one run purges at most.
    package var purgesPerRun = 100
    /// Only logs what is due.
    package var isDryRun = false
    /// The wishes of claims that count.
    package var heededWishes: Set<ClaimWish> = []
    /// The first that matches an archive goes.
    package var rules: [RetentionRule] = []
    /// For archives that no rule matches; nil keeps them for ever.
    package var standard: RetentionRule?

    package init() {}
}
