import Kubernetes
import Provisioning

/// Which volumes a hook is for: those that meet all of its conditions. An empty one is met by every volume.
package struct HookSelector: Hashable, Sendable {
    /// Names of StorageClasses; empty for any.
    package var classes: [String] = []
    /// Namespaces of claims; empty for any.
    package var namespaces: [String] = []
    /// Over the labels the claim had when its volume was made; a volume without a claim has none.
    package var claims = LabelSelector()

    package init() {}

    package func matches(_ event: HookEvent) -> Bool {
        (classes.isEmpty || event.storageClass.map(classes.contains) ?? false)
            && (namespaces.isEmpty || (event.claim?.namespace).map(namespaces.contains) ?? false)
            && claims.matches(event.labels)
    }
}
