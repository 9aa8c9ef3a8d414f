/// Usage totals of the volumes of one class in one namespace.
package struct UsageTotal: Sendable, Hashable {
    /// Empty for volumes without one.
    package let storageClass: String
    /// The namespace of their claims.
    package let namespace: String
    package private(set) var volumes = 0
    package private(set) var requestedBytes: UInt64 = 0
    /// The sum over the volumes that were measured.
    package private(set) var usedBytes: UInt64 = 0
    package private(set) var measured = 0
    /// How many hold more than their claims requested.
    package private(set) var aboveRequest = 0

    init(storageClass: String, namespace: String) {
        self.storageClass = storageClass
        self.namespace = namespace
    }

    mutating func add(request: UInt64?, sample: UsageSample?) {
        volumes += 1
        requestedBytes.addUpToMax(request ?? 0)
        guard let sample else { return }
        measured += 1
        usedBytes.addUpToMax(sample.usedBytes)
        if let request, sample.usedBytes > request { aboveRequest += 1 }
    }
}
