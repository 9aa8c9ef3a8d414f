import Foundation
import Subprocess
import SystemPackage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A process between the controller and a hook's program, which kills the program if the controller is killed.
///
/// If the controller is killed, the kernel closes its end of the pipe, and a program that reads from it would take a
/// truncated stream for a complete one. Therefore the guard holds the program's pipe: it kills its process group, with
/// the program in it, before that pipe closes.
package enum ExecGuard {
    /// The subcommand of the controller's program that calls ``run(_:)``.
    package static let commandName = "exec-guard"

    /// Runs a program, and ends with its exit code or signal.
    ///
    /// Standard input consists of ``ExecFrame``s; output goes straight through. The process must lead its process
    /// group.
    ///
    /// - Parameter command: The program and its arguments.
    /// - Throws: `SubprocessError` or `Errno` when the program cannot be run.
    package static func run(_ command: [String]) async throws -> Never {
        // The program decides what these signals do to it; the guard outlives them.
        _ = signal(SIGTERM, SIG_IGN)
        _ = signal(SIGPIPE, SIG_IGN)
        let (readEnd, writeEnd) = try FileDescriptor.pipe()
        Thread.detachNewThread {
            forward(.standardInput, to: writeEnd)
            kill(0, SIGKILL)
        }
        let result = try await Subprocess.run(
            .program(command.first ?? ""),
            arguments: Arguments(Array(command.dropFirst())),
            input: .fileDescriptor(readEnd, closeAfterSpawningProcess: true),
            output: .fileDescriptor(.standardOutput, closeAfterSpawningProcess: false),
            error: .fileDescriptor(.standardError, closeAfterSpawningProcess: false)
        )
        end(as: result.terminationStatus)
    }

    /// Forwards input to the program, and returns when the controller is gone.
    private static func forward(_ input: FileDescriptor, to program: FileDescriptor) {
        var program: FileDescriptor? = program
        while let header = read(ExecFrame.headerLength, from: input) {
            let length = ExecFrame.length(header)
            guard let piece = read(length, from: input) else { return }
            // A program that closed its end has read enough.
            if length > 0, (try? program?.writeAll(piece)) != nil { continue }
            try? program?.close()
            program = nil
        }
    }

    private static func read(_ count: Int, from input: FileDescriptor) -> [UInt8]? {
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
                guard let more = try? input.read(into: rest), more > 0 else { return }
                filled += more
            }
        }
        return bytes.count == count ? bytes : nil
    }

    private static func end(as status: TerminationStatus) -> Never {
        switch status {
        case .exited(let code):
            _exit(code)
        case .signaled(let number):
            _ = signal(number, SIG_DFL)
            kill(getpid(), number)
            // In case the signal did not end this process.
            _exit(128 + number)
        }
    }
}

/// The framing of a program's input on its way from ``ExecAction`` to ``ExecGuard``: pieces, each preceded by its
/// length in four bytes, big-endian. A length of 0 marks the end; input that ends without it is truncated.
enum ExecFrame {
    static let headerLength = 4
    static let end = [UInt8](repeating: 0, count: headerLength)

    /// A piece preceded by its length. It must not be empty, and must be smaller than 4 GiB.
    static func frame(_ piece: [UInt8]) -> [UInt8] {
        let length = UInt32(piece.count)
        return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) } + piece
    }

    /// The length of the piece that follows a header.
    static func length(_ header: [UInt8]) -> Int {
        header.reduce(0) { $0 << 8 | Int($1) }
    }
}
