import Logging
import Testing

@testable import Commands

@Suite("Levels of the log, as they are set")
struct LogLevelsTests {
    @Test(
        "One for all, and others for subsystems",
        arguments: [
            ("info", "info"), ("DEBUG", "debug"), ("nfs=debug", "info,nfs=debug"),
            ("warning, kubernetes = error ,nfs=trace", "warning,kubernetes=error,nfs=trace"),
            ("nfs=debug,error", "error,nfs=debug"),
        ]
    )
    func read(text: String, meaning: String) {
        let levels = LogLevels(text)
        #expect(levels?.description == meaning)
        #expect(LogLevels(meaning) == levels, "what it is written as reads the same")
    }

    @Test(
        "What cannot be read",
        arguments: [
            "", "loud", "info,", "info,debug", "nfs=loud", "disk=info", "nfs=info,nfs=info", "nfs=", "=info", "a=b=c",
        ]
    )
    func refused(text: String) {
        #expect(LogLevels(text) == nil)
    }

    @Test("A subsystem that is not named, or not known, has the general level")
    func ofSubsystem() {
        let levels = LogLevels("warning,nfs=debug")
        #expect(levels?.level(of: "nfs") == .debug && levels?.level(of: "backup") == .warning)
        #expect(levels?.level(of: "unheard-of") == .warning)
        #expect(levels?.atLeast(.error).description == "error,nfs=error")
    }
}
