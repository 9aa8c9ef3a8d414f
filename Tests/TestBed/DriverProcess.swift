import Foundation

/// chromedriver on a free port. It is killed with this object, and with the test process: a small shell waits for the end
/// of its input.
final class DriverProcess: Sendable {
    /// `http://127.0.0.1:port`
    let address: String
    private let lifeline = Pipe()

    /// - Throws: If it does not start.
    init() throws {
        let output = Pipe()
        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/sh")
        shell.arguments = [
            "-c",
            #"trap "" INT TERM HUP; chromedriver --port=0 </dev/null 2>/dev/null & cat >/dev/null; kill -9 $!"#,
        ]
        shell.standardInput = lifeline
        shell.standardOutput = output
        shell.standardError = FileHandle.nullDevice
        try shell.run()
        var said = ""
        var port: Substring?
        while port == nil {
            let data = output.fileHandleForReading.availableData
            guard !data.isEmpty else { throw Browser.Failure(description: "chromedriver does not start: \(said)") }
            said += String(decoding: data, as: UTF8.self)
            port = said.firstMatch(of: /successfully on port (\d+)/)?.1
        }
        address = "http://127.0.0.1:\(port ?? "")"
    }

    deinit {
        try? lifeline.fileHandleForWriting.close()
    }
}
