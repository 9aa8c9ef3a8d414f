import Foundation
import Logging
import Testing

@testable import Commands

@Suite("The log output")
struct LogOutputTests {
    /// What was written to a pipe and not read yet; something is.
    private func lines(_ pipe: Pipe) -> [String] {
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = read(pipe.fileHandleForReading.fileDescriptor, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private func output(_ pipe: Pipe, _ settings: LogSettings = LogSettings()) -> LogOutput {
        LogOutput(settings, writer: LogWriter(descriptor: pipe.fileHandleForWriting.fileDescriptor, patience: 1))
    }

    @Test("A logger's subsystem decides its level; a change applies to existing loggers")
    func levels() throws {
        let pipe = Pipe()
        let output = output(pipe)
        let controller = output.logger(.controller)
        var share = output.logger(.provisioning)
        share[metadataKey: "subsystem"] = "nfs"
        share[metadataKey: "export"] = "nas:/srv"
        share.debug("before")
        output.apply(LogSettings(levels: try #require(LogLevels("warning,nfs=debug")), format: .json))
        share.debug("retrying a call")
        controller.info("not shown")
        controller.error("shown", metadata: ["claim": "shop/db"])
        let lines = lines(pipe)
        #expect(lines.count == 2)
        #expect(lines.first?.contains(#""subsystem":"nfs","message":"retrying a call","export":"nas:/srv"}"#) == true)
        #expect(lines.last?.contains(#""message":"shown","claim":"shop/db"}"#) == true)
    }

    @Test("A blocked reader costs lines, which are counted, and blocks no caller")
    func stuck() throws {
        let pipe = Pipe()
        let logger = output(pipe).logger(.controller)
        let long = String(repeating: "x", count: 1000)
        for number in 0..<1000 { logger.info("\(number) \(long)") }
        // Room for the next, now that this was read.
        let earlier = lines(pipe)
        #expect(earlier.count > 10 && earlier.count < 1000)
        logger.info("after")
        let later = lines(pipe)
        #expect(later.contains { $0.hasSuffix("controller: after") })
        let lost = later.compactMap { $0.firstMatch(of: /were dropped: standard error was blocked lines=(\d+)/)?.1 }
        #expect(lost.count == 1 && Int(lost[0]).map { $0 + earlier.count } ?? 0 >= 999)
    }
}
