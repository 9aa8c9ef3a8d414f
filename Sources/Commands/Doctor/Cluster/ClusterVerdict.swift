import Kubernetes

/// Checks the API server, and the user that the doctor runs as.
enum ClusterVerdict {
    /// The oldest minor version of Kubernetes 1 that is supported.
    static let oldestMinor = 20

    /// Checks that the API server answers; `error` says why it does not, and is nil if it does.
    static func api(_ server: String?, _ error: KubernetesError?) -> Check {
        switch error {
        case nil:
            return .ok(.api, "the API server \(server ?? "") answers")
        case let error?:
            let remedy =
                switch error.code {
                case .configuration: "give --kubeconfig or KUBECONFIG, or run it in the controller's pod"
                case .unauthorized: "renew the token or certificate; in a pod, restart it"
                case .forbidden: "bind this user to the cluster role system:discovery"
                default: "check that the API server runs, and that no NetworkPolicy or firewall blocks it"
                }
            let place = server.map { "the API server \($0)" } ?? "the API server"
            return .failed(.api, "\(place): \(error)", remedy: remedy)
        }
    }

    static func version(_ version: ServerVersion) -> Check {
        guard let minor = version.minorOfOne else {
            return .skipped(.version, "not checked: \(version) is not a version of Kubernetes")
        }
        guard minor >= oldestMinor else {
            return .warning(
                .version,
                "Kubernetes \(version) is older than 1.\(oldestMinor), the oldest version that is supported",
                remedy: "upgrade the cluster: the controller is not tested on this version"
            )
        }
        return .ok(.version, "Kubernetes \(version) is supported")
    }

    static func user(_ user: String?) -> Check {
        guard let user else {
            return .skipped(.user, "the user of the following rights is unknown: the API server reports it since 1.28")
        }
        guard user.hasPrefix("system:serviceaccount:") else {
            return .warning(
                .user,
                "the following are the rights of \(user), not those of the controller's ServiceAccount",
                remedy: "run it in the controller's pod: kubectl exec deploy/NAME -- sb-nfs-provisioner doctor"
            )
        }
        return .ok(.user, "the following are the rights of \(user)")
    }
}

extension ServerVersion {
    /// The minor version; nil if this is not a release of Kubernetes 1.
    var minorOfOne: Int? {
        // Vendors write “28+”, and custom builds leave the two fields empty.
        if major == "1", let minor = Int(minor.prefix { $0.isNumber }) { return minor }
        return gitVersion.firstMatch(of: /^v1\.([0-9]+)/).flatMap { Int($0.1) }
    }
}
