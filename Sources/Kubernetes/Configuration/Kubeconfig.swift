import Foundation

/// A kubeconfig, or several merged into one.
struct Kubeconfig: Sendable {
    /// The files it came from, for error messages.
    let origin: String
    private var currentContext: String?
    private var contexts: [String: KubeconfigFile.Context] = [:]
    private var clusters: [String: KubeconfigFile.Cluster] = [:]
    private var users: [String: KubeconfigFile.User] = [:]

    /// Reads the files at `paths`; of two entries of one name, the first wins. As in kubectl, a path without a file is
    /// ignored if there is another one.
    static func load(paths: [String]) throws(KubernetesError) -> Kubeconfig {
        let present = paths.filter { FileManager.default.fileExists(atPath: $0) }
        var merged = Kubeconfig(origin: paths.joined(separator: ":"))
        guard !present.isEmpty else {
            throw merged.error("there is no such file; set KUBECONFIG to the path of a kubeconfig")
        }
        for path in present {
            merged.add(try KubeconfigFile.read(path))
        }
        return merged
    }

    private init(origin: String) {
        self.origin = origin
    }

    private mutating func add(_ file: KubeconfigFile) {
        if currentContext?.isEmpty ?? true { currentContext = file.currentContext }
        for entry in file.contexts ?? [] where contexts[entry.name] == nil { contexts[entry.name] = entry.context }
        for entry in file.clusters ?? [] where clusters[entry.name] == nil { clusters[entry.name] = entry.cluster }
        for entry in file.users ?? [] where users[entry.name] == nil { users[entry.name] = entry.user }
    }

    /// The cluster and user of the current context.
    func configuration() throws(KubernetesError) -> ClusterConfiguration {
        guard let currentContext, !currentContext.isEmpty else {
            throw error("no current-context is set; choose one with “kubectl config use-context”")
        }
        guard let context = contexts[currentContext] else {
            throw error("current-context names “\(currentContext)”, which is not among its contexts")
        }
        guard let clusterName = context.cluster, let cluster = clusters[clusterName] else {
            throw error("context “\(currentContext)” names cluster “\(context.cluster ?? "")”, which is not defined")
        }
        var configuration = try cluster.configuration(named: clusterName, in: self)
        configuration.namespace = context.namespace.flatMap { $0.isEmpty ? nil : $0 }
        // As in kubectl, no credentials of the user are sent over plain HTTP.
        if configuration.isSecure, let userName = context.user, !userName.isEmpty {
            guard let user = users[userName] else {
                throw error("context “\(currentContext)” names user “\(userName)”, which is not defined")
            }
            try user.identify(&configuration, named: userName, in: self)
        }
        return configuration
    }

    /// The source that a pair of fields `<field>-data` (base64) and `<field>` (a path) names; the data takes
    /// precedence.
    func textSource(data: String? = nil, file: String?, field: String) throws(KubernetesError) -> TextSource? {
        if let file, !file.isEmpty, !FileManager.default.fileExists(atPath: file) {
            throw error("\(field) names \(file), which does not exist")
        }
        if let data, !data.isEmpty {
            guard let bytes = Data(base64Encoded: data, options: .ignoreUnknownCharacters) else {
                throw error("\(field)-data is not base64")
            }
            return .bytes(Array(bytes))
        }
        guard let file, !file.isEmpty else { return nil }
        return .file(file)
    }

    func error(_ reason: String) -> KubernetesError {
        KubernetesError(code: .configuration, reason: "kubeconfig \(origin): \(reason)")
    }
}
