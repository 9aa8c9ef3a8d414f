import Provisioning

/// Which archives are purged, and how fast: the section `retention` of the configuration file.
package struct RetentionPolicy: Sendable, Hashable {
    /// How often archives are looked through.
    package var interval = Age(seconds: 3600)
    /// How many archives one look purges at most.
    package var purgesPerRun = 100
    /// Only says what would go.
    package var isDryRun = false
    /// The wishes of claims that count.
    package var heededWishes: Set<ClaimWish> = []
    /// The first that matches an archive goes.
    package var rules: [RetentionRule] = []
    /// For archives that no rule matches; nil keeps them for ever.
    package var standard: RetentionRule?

    package init() {}
}
