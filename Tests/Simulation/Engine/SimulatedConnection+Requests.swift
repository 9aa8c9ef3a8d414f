import Foundation
import Kubernetes

extension SimulatedConnection: RequestTransport {
    package func answer(
        _ verb: String,
        _ uri: String,
        body: [UInt8]?,
        contentType: String?
    ) async -> (status: Int, body: [UInt8])? {
        let path = uri.prefix { $0 != "?" }
        let object = body.flatMap { try? JSONDecoder().decode(JSONValue.self, from: Data($0)) }
        let request = ClusterRequest(verb, String(path), body: object, contentType: contentType)
        let answer = await answer(request)
        guard answer.status != 0, let bytes = try? JSONEncoder().encode(answer.body) else { return nil }
        return (answer.status, Array(bytes))
    }

    /// A client of the simulated API server.
    package func client() throws -> KubernetesClient {
        KubernetesClient(
            configuration: try ClusterConfiguration(server: "https://simulated"),
            transport: self,
            logger: ControllerProcess.logger
        )
    }
}
