import Foundation
import Yams

/// One kubeconfig file as it is written.
struct KubeconfigFile: Decodable, Sendable {
    struct NamedContext: Decodable, Sendable {
        var name: String
        var context: Context?
    }

    struct NamedCluster: Decodable, Sendable {
        var name: String
        var cluster: Cluster?
    }

    struct NamedUser: Decodable, Sendable {
        var name: String
        var user: User?
    }

    struct Context: Decodable, Sendable {
        var cluster: String?
        var user: String?
        var namespace: String?
    }

    var currentContext: String?
    var contexts: [NamedContext]?
    var clusters: [NamedCluster]?
    var users: [NamedUser]?

    private enum CodingKeys: String, CodingKey {
        case currentContext = "current-context"
        case contexts, clusters, users
    }

    /// Reads a file; paths in it become relative to its folder.
    static func read(_ path: String) throws(KubernetesError) -> KubeconfigFile {
        let bytes: [UInt8]
        do {
            bytes = try TextSource.file(path).read()
        } catch {
            throw KubernetesError(code: .configuration, reason: "kubeconfig: \(error.reason)")
        }
        var file: KubeconfigFile
        do {
            file = try YAMLDecoder().decode(KubeconfigFile.self, from: Data(bytes))
        } catch {
            throw KubernetesError(
                code: .configuration,
                reason: "kubeconfig \(path) cannot be read: \(yamlReason(error)); check it with “kubectl config view”"
            )
        }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        for index in (file.clusters ?? []).indices { file.clusters?[index].cluster?.resolvePaths(in: folder) }
        for index in (file.users ?? []).indices { file.users?[index].user?.resolvePaths(in: folder) }
        return file
    }

    /// `path`, taken from `folder` if it is relative.
    static func absolute(_ path: String, in folder: URL) -> String {
        path.isEmpty || path.hasPrefix("/") ? path : folder.appendingPathComponent(path).standardizedFileURL.path
    }

    /// What the YAML parser says, without quoting the file: it may hold secrets.
    private static func yamlReason(_ error: any Error) -> String {
        switch error {
        case DecodingError.dataCorrupted(let context):
            (context.underlyingError as? YamlError).map(yamlReason) ?? "it is not YAML"
        case let error as YamlError:
            yamlReason(error)
        default:
            decodingReason(error)
        }
    }

    private static func yamlReason(_ error: YamlError) -> String {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            "line \(mark.line): \(problem)"
        default:
            "it is not YAML"
        }
    }
}
