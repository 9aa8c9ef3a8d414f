import Foundation
import Glibc

/// A pseudo-terminal: a program's input and error, at which a test types.
package final class PseudoTerminal {
    private let controller: Int32
    /// What the program has as its terminal; closed when ``screen()`` was asked for.
    package let descriptor: Int32
    private var isOpen = true

    /// - Throws: An error of the system if there is no terminal left.
    package init() throws {
        var (controller, descriptor): (Int32, Int32) = (-1, -1)
        guard openpty(&controller, &descriptor, nil, nil, nil) == 0 else {
            throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
        }
        // A controller that another test starts meanwhile would keep it open.
        for descriptor in [controller, descriptor] { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        (self.controller, self.descriptor) = (controller, descriptor)
    }

    deinit {
        if isOpen { close(descriptor) }
        close(controller)
    }

    package var handle: Foundation.FileHandle { FileHandle(fileDescriptor: descriptor, closeOnDealloc: false) }

    /// Types a text, before the program asks or while it waits.
    package func type(_ text: String) throws {
        try FileHandle(fileDescriptor: controller, closeOnDealloc: false).write(contentsOf: Data(text.utf8))
    }

    /// Closes the terminal, and returns what was on it: what was typed, and what programs wrote.
    package func screen() -> String {
        if isOpen { close(descriptor) }
        isOpen = false
        var (bytes, screen): ([UInt8], [UInt8]) = (.init(repeating: 0, count: 4096), [])
        // With nobody on the other side, it ends with an error once all was read.
        while case let count = read(controller, &bytes, bytes.count), count > 0 { screen += bytes[..<count] }
        return String(decoding: screen, as: UTF8.self)
    }
}
