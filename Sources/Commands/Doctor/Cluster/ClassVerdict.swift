import Kubernetes
import Provisioning

/// Checks the cluster's classes.
struct ClassVerdict {
    /// The minor version of Kubernetes 1 since which the newest of several default classes applies; before, a claim
    /// that names no class is refused.
    private static let newestDefaultCounts = 26
    private static let defaultKeys = [
        "storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class",
    ]

    let classes: [StorageClass]
    let settings: ProvisionerSettings
    let version: ServerVersion

    var checks: [Check] {
        let ours = classes.filter { settings.knows($0.provisioner) }.sorted { $0.key.name < $1.key.name }
        return [present(ours)] + ours.flatMap(usable) + [defaultClass]
    }

    private func present(_ ours: [StorageClass]) -> Check {
        let names = ([settings.provisionerName] + settings.additionalProvisionerNames).joined(separator: " or ")
        guard ours.isEmpty else {
            let list = ours.map(\.key.name).joined(separator: ", ")
            return .ok(.classesPresent, "classes of the provisioner \(names): \(list)")
        }
        let others = classes.map { "\($0.key.name) has \($0.provisioner)" }.sorted()
        let rest = others.isEmpty ? "there are no classes" : others.joined(separator: ", ")
        return .failed(
            .classesPresent,
            "no class has the provisioner \(names), so no claim is served; \(rest)",
            remedy: "create one, such as manifests/base/storageclass.yaml, or correct PROVISIONER_NAME"
        )
    }

    private func usable(_ storageClass: StorageClass) -> [Check] {
        let name = storageClass.key.name
        let parameters = storageClass.parameters ?? [:]
        if let obstacle = ProvisioningPlan.obstacle(in: storageClass, settings: settings) {
            return [
                .failed(
                    .classUsable,
                    of: name,
                    "no claim of the class \(name) is served: \(obstacle)",
                    remedy: "parameters are immutable: delete and recreate the class; its volumes stay"
                )
            ]
        }
        var checks = [mountable(storageClass)].compactMap(\.self)
        if let unknown = try? ClassParameters(parameters).unknown, !unknown.isEmpty {
            checks.append(
                .warning(
                    .classUsable,
                    of: name,
                    "unknown parameters of the class \(name) are ignored: "
                        + unknown.joined(separator: ", "),
                    remedy:
                        "docs/configuration.md lists the known ones; to change them, delete and recreate the class"
                )
            )
        }
        if storageClass.reclaimPolicy == .retain, let word = releaseWord(in: parameters) {
            checks.append(
                .warning(
                    .classUsable,
                    of: name,
                    "the class \(name) has the reclaim policy Retain, so its \(word) has no effect",
                    remedy: "for \(word), delete and recreate the class with reclaimPolicy: Delete"
                )
            )
        }
        if checks.isEmpty { checks.append(.ok(.classUsable, of: name, "\(name): \(fate(of: storageClass))")) }
        return checks
    }

    /// A warning about options that mount would refuse.
    private func mountable(_ storageClass: StorageClass) -> Check? {
        let name = storageClass.key.name
        let doubts = MountOptions(storageClass.mountOptions).doubts
        guard !doubts.isEmpty else { return nil }
        return .warning(
            .classUsable,
            of: name,
            "pods with volumes of the class \(name) may not start: mountOptions: \(doubts.joined(separator: "; "))",
            remedy: "correct mountOptions in place: kubectl edit storageclass \(name); volumes keep the old ones"
        )
    }

    private func releaseWord(in parameters: [String: String]) -> String? {
        ["onDelete", "archiveOnDelete"].first { !(parameters[$0] ?? "").isEmpty }.map {
            "\($0): \(parameters[$0] ?? "")"
        }
    }

    private func fate(of storageClass: StorageClass) -> String {
        guard storageClass.reclaimPolicy != .retain else {
            return "volumes and their data stay when a claim is deleted"
        }
        let action = try? ClassParameters.releaseAction(of: storageClass.parameters ?? [:])
        return switch action {
        case .delete: "data is deleted with its claim"
        case .retain: "data stays in place when its claim is deleted"
        case .archive, nil: "data is archived when its claim is deleted"
        }
    }

    private var defaultClass: Check {
        let defaults = classes.filter { storageClass in
            Self.defaultKeys.contains { storageClass.metadata.annotations?[$0] == "true" }
        }.sorted { $0.key.name < $1.key.name }
        let names = defaults.map(\.key.name).joined(separator: ", ")
        switch defaults.count {
        case 0:
            return .warning(
                .defaultClass,
                "no class is the default, so claims that name none stay Pending",
                remedy: "if claims may name none: kubectl annotate storageclass NAME \(Self.defaultKeys[0])=true"
            )
        case 1:
            let provisioner = defaults[0].provisioner
            let whose = settings.knows(provisioner) ? "ours" : "of the provisioner \(provisioner)"
            return .ok(.defaultClass, "\(names) is the default, which is \(whose)")
        default:
            let outcome =
                switch version.minorOfOne {
                case let minor? where minor < Self.newestDefaultCounts: "claims that name none are refused"
                case .some: "claims that name none get the newest"
                case nil: "claims that name none are refused before Kubernetes 1.26, and get the newest since"
                }
            return .warning(
                .defaultClass,
                "\(names) are all the default: \(outcome)",
                remedy: "leave one: kubectl annotate storageclass NAME \(Self.defaultKeys[0])-"
            )
        }
    }
}
