/// A setting of a single value or list, given by flag, environment variable or line of the configuration file.
enum Setting: String, CaseIterable {
    case provisionerName, additionalProvisionerNames
    case nfsServer, nfsPath, nfsMountOptions, additionalExports
    case addFinalizer, allowEmptyPlaceholders, deleteAdoptedDirectories, restoreAcrossNamespaces
    case expansionOvercommitLimit
    case enableLeaderElection, podNamespace, podName
    case kubeconfig, workers, httpAddress, logLevel, logFormat

    /// `nfsServer` in the file.
    var fileKey: String { rawValue }

    /// `NFS_SERVER` in the environment (L5: the names of nfs-subdir-external-provisioner count).
    var environmentName: String { words.joined(separator: "_").uppercased() }

    /// `nfs-server` as a flag.
    var flagName: String { words.joined(separator: "-") }

    private var words: [String] {
        rawValue.reduce(into: [""]) { words, letter in
            if letter.isUppercase { words.append("") }
            words[words.count - 1] += letter.lowercased()
        }
    }
}
