import CLibNFS

/// The C memory one call's arguments point into. It lives until the call's reply is decoded: libnfs 6 and later write
/// from it and read into it without copying.
final class CallMemory {
    private var blocks: [UnsafeMutableRawPointer] = []
    /// Where a READ's data go, if libnfs does not put them into the reply.
    private(set) var readBuffer: UnsafeMutablePointer<CChar>?

    deinit {
        for block in blocks { block.deallocate() }
    }

    /// Room for `count` bytes, zeroed.
    func room(for count: Int) -> UnsafeMutablePointer<CChar> {
        let block = UnsafeMutablePointer<CChar>.allocate(capacity: max(count, 1))
        block.initialize(repeating: 0, count: max(count, 1))
        blocks.append(UnsafeMutableRawPointer(block))
        return block
    }

    func readBuffer(for count: Int) -> UnsafeMutablePointer<CChar> {
        let buffer = room(for: count)
        readBuffer = buffer
        return buffer
    }

    /// A copy of `bytes` with a NUL behind them.
    func copy(_ bytes: some Collection<UInt8>) -> UnsafeMutablePointer<CChar> {
        let copy = room(for: bytes.count + 1)
        UnsafeMutableRawBufferPointer(start: copy, count: bytes.count).copyBytes(from: bytes)
        return copy
    }

    /// A copy of a whole argument structure.
    func store<Arguments>(_ arguments: Arguments) -> UnsafeMutablePointer<Arguments> {
        let block = UnsafeMutablePointer<Arguments>.allocate(capacity: 1)
        block.initialize(to: arguments)
        blocks.append(UnsafeMutableRawPointer(block))
        return block
    }

    func handle(_ handle: FileHandle) -> nfs_fh3 {
        var argument = nfs_fh3()
        argument.data.data_len = UInt32(handle.bytes.count)
        argument.data.data_val = copy(handle.bytes)
        return argument
    }

    func entry(_ name: NFSName, in directory: FileHandle) -> diropargs3 {
        diropargs3(dir: handle(directory), name: copy(name.bytes))
    }
}
