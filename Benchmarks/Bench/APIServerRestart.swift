import Foundation
import Subprocess
import SystemPackage
import TestBed

extension TestBed {
    /// Kills the API server and starts it again as it was, and returns when it answers: its clients' watches are cut, and
    /// it no longer remembers the versions where they left off.
    func restartAPIServer() async throws {
        let script = """
            . "$SCRIPTS/processes.sh"
            read -r pid _ <"$BED/api-server.pid"
            mapfile -d '' -t command <"/proc/$pid/cmdline"
            kill -KILL "$pid"
            # Its last threads may still have the port when it is a zombie already.
            closed() { ! port_open "$PORT"; }
            wait_until 10 closed
            spawn "$BED/api-server.pid" "$BED/api-server.log" "${command[@]}"
            wait_until 60 "$KUBECTL" --kubeconfig "$KUBECONFIG" get --raw /readyz
            """
        let variables: [Subprocess.Environment.Key: String?] = [
            "SCRIPTS": FileManager.default.currentDirectoryPath + "/scripts", "BED": folder, "KUBECTL": kubectl,
            "KUBECONFIG": kubeconfig, "PORT": String(apiServer.split(separator: ":").last ?? ""),
        ]
        let result = try await Subprocess.run(
            .path("/bin/bash"),
            arguments: ["-euc", script],
            environment: .inherit.updating(variables),
            output: .discarded,
            error: .discarded
        )
        guard result.terminationStatus.isSuccess else {
            throw BenchFailure(description: "the API server does not start again; see \(folder)/api-server.log")
        }
    }
}
