import Foundation

/// The real parts the tests run against, as `scripts/bed.sh start` left them.
package struct TestBed: Sendable {
    /// Admin's kubeconfig.
    package let kubeconfig: String
    /// Admin's kubeconfig with a client certificate in place of the token.
    package let certificateKubeconfig: String
    /// Kubeconfig of the ServiceAccount the manifests give the controller.
    package let controllerKubeconfig: String
    /// The API server, as `https://host:port`.
    package let apiServer: String
    /// The etcd behind the API server, as `http://host:port`.
    package let etcd: String
    /// The NFS server's address.
    package let nfsServer: String
    package let nfsPort: Int
    package let nfsMountPort: Int
    /// Folders that are exports of the same path: two to write to, one read-only, one that squashes root.
    package let exportA: String
    package let exportB: String
    package let exportReadOnly: String
    package let exportSquash: String
    /// The namespace the manifests put the controller in.
    package let podNamespace: String
    /// The `kubectl` binary.
    package let kubectl: String
    /// The folder of the control plane's binaries.
    package let assets: String
    /// The folder of the bed itself.
    package let folder: String

    /// The bed the environment variable `TESTBED` names.
    ///
    /// - Throws: ``Missing``, which says what to run.
    package static func current() throws -> TestBed { try named("TESTBED") }

    /// The second cluster, of a test that needs one: the bed the environment variable `TESTBED_NEIGHBOUR` names.
    ///
    /// - Throws: ``Missing``, which says what to run.
    package static func neighbour() throws -> TestBed { try named("TESTBED_NEIGHBOUR") }

    private static func named(_ variable: String) throws -> TestBed {
        guard let folder = ProcessInfo.processInfo.environment[variable], !folder.isEmpty else {
            throw Missing(reason: "\(variable) is not set")
        }
        let path = folder + "/bed.env"
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw Missing(reason: "\(path) cannot be read")
        }
        return try TestBed(folder: folder, variables: variables(text))
    }

    private init(folder: String, variables: [String: String]) throws {
        func text(_ name: String) throws -> String {
            guard let value = variables[name] else { throw Missing(reason: "\(folder)/bed.env has no \(name)") }
            return value
        }
        func number(_ name: String) throws -> Int {
            guard let value = Int(try text(name)) else {
                throw Missing(reason: "\(name) in \(folder)/bed.env is no number")
            }
            return value
        }
        self.folder = folder
        kubeconfig = try text("KUBECONFIG")
        certificateKubeconfig = try text("CERTIFICATE_KUBECONFIG")
        controllerKubeconfig = try text("CONTROLLER_KUBECONFIG")
        apiServer = try text("API_SERVER")
        etcd = try text("ETCD")
        nfsServer = try text("NFS_SERVER")
        nfsPort = try number("NFS_PORT")
        nfsMountPort = try number("NFS_MOUNT_PORT")
        exportA = try text("EXPORT_A")
        exportB = try text("EXPORT_B")
        exportReadOnly = try text("EXPORT_RO")
        exportSquash = try text("EXPORT_SQUASH")
        podNamespace = try text("POD_NAMESPACE")
        kubectl = try text("KUBECTL")
        assets = try text("ASSETS")
    }

    private static func variables(_ text: String) -> [String: String] {
        let pairs = text.split(separator: "\n").compactMap { line -> (String, String)? in
            guard let equals = line.firstIndex(of: "="), !line.hasPrefix("#") else { return nil }
            return (String(line[..<equals]), String(line[line.index(after: equals)...]))
        }
        return Dictionary(pairs, uniquingKeysWith: { _, last in last })
    }

    /// There is no bed to run on.
    package struct Missing: Error, CustomStringConvertible {
        let reason: String

        package var description: String {
            "no test bed: \(reason); run make test, or scripts/bed.sh start DIR and set TESTBED=DIR"
        }
    }
}
