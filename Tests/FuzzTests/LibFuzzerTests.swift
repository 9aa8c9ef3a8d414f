import Foundation
import Testing

/// The target that `scripts/fuzz.sh` asks for; libFuzzer hands its callback nothing but the input.
private let chosenTarget = ProcessInfo.processInfo.environment["FUZZ_TARGET"].flatMap { name in
    FuzzTarget.all.first { $0.name == name }
}

/// What `scripts/fuzz.sh` runs, in a build that has libFuzzer in it.
@Suite("libFuzzer finds nothing", .enabled(if: chosenTarget != nil))
struct LibFuzzerTests {
    private typealias Callback = @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
    private typealias Words = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private typealias Driver =
        @convention(c) (UnsafeMutablePointer<CInt>, UnsafeMutablePointer<Words>, Callback) -> CInt

    /// Does not return: libFuzzer ends the process.
    @Test func run() throws {
        let driver = try #require(dlsym(nil, "LLVMFuzzerRunDriver"), "this build has no libFuzzer in it")
        let options = ProcessInfo.processInfo.environment["FUZZ_OPTIONS"] ?? ""
        let words = ["fuzz"] + options.split(separator: " ").map(String.init)
        var count = CInt(words.count)
        // Never freed: libFuzzer keeps them.
        let copies = Words.allocate(capacity: words.count + 1)
        for (index, word) in words.enumerated() { copies[index] = strdup(word) }
        copies[words.count] = nil
        var start = copies
        _ = unsafeBitCast(driver, to: Driver.self)(&count, &start) { bytes, count in
            do {
                _ = try chosenTarget?.check(Array(UnsafeBufferPointer(start: bytes, count: count)))
            } catch {
                // For libFuzzer a fault is what ends the process.
                fatalError("\(error)")
            }
            return 0
        }
    }
}
