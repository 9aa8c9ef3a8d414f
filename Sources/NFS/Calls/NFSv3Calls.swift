import CLibNFS
import Glibc

// The NFSv3 procedures in use, one entry each: RFC 1813 §3.3.

extension RPCCall where Value == Attributes {
    static func getAttributes(of file: FileHandle) -> RPCCall {
        RPCCall(.getAttributes(of: file), nsp_nfs3_getattr) { memory in
            GETATTR3args(object: memory.handle(file))
        } decode: { (reply: GETATTR3res, _) in
            Attributes(reply.GETATTR3res_u.resok.obj_attributes)
        }
    }
}

extension RPCCall where Value == PartialNode {
    static func lookUp(_ name: NFSName, in directory: FileHandle) -> RPCCall {
        RPCCall(.lookUp(name, in: directory), nsp_nfs3_lookup) { memory in
            LOOKUP3args(what: memory.entry(name, in: directory))
        } decode: { (reply: LOOKUP3res, _) in
            let found = reply.LOOKUP3res_u.resok
            return FileHandle(found.object).map {
                PartialNode(handle: $0, attributes: Attributes(found.obj_attributes))
            }
        }
    }

    static func makeDirectory(
        _ name: NFSName,
        in directory: FileHandle,
        _ attributes: AttributeChanges
    ) -> RPCCall {
        RPCCall(.makeDirectory(name, in: directory, attributes), nsp_nfs3_mkdir) { memory in
            MKDIR3args(where: memory.entry(name, in: directory), attributes: sattr3(attributes))
        } decode: { (reply: MKDIR3res, _) in
            let made = reply.MKDIR3res_u.resok
            return PartialNode(handle: FileHandle(made.obj), attributes: Attributes(made.obj_attributes))
        }
    }

    /// GUARDED: fails with NFS3ERR_EXIST if the name is taken.
    static func createFile(_ name: NFSName, in directory: FileHandle, _ attributes: AttributeChanges) -> RPCCall {
        RPCCall(.createFile(name, in: directory, attributes), nsp_nfs3_create) { memory in
            var how = createhow3()
            how.mode = GUARDED
            how.createhow3_u.g_obj_attributes = sattr3(attributes)
            return CREATE3args(where: memory.entry(name, in: directory), how: how)
        } decode: { (reply: CREATE3res, _) in
            let made = reply.CREATE3res_u.resok
            return PartialNode(handle: FileHandle(made.obj), attributes: Attributes(made.obj_attributes))
        }
    }

    /// The target may contain any bytes except NUL.
    static func makeSymbolicLink(
        _ name: NFSName,
        in directory: FileHandle,
        to target: [UInt8],
        _ attributes: AttributeChanges
    ) -> RPCCall {
        RPCCall(.makeSymbolicLink(name, in: directory, to: target, attributes), nsp_nfs3_symlink) { memory in
            let link = symlinkdata3(symlink_attributes: sattr3(attributes), symlink_data: memory.copy(target))
            return SYMLINK3args(where: memory.entry(name, in: directory), symlink: link)
        } decode: { (reply: SYMLINK3res, _) in
            let made = reply.SYMLINK3res_u.resok
            return PartialNode(handle: FileHandle(made.obj), attributes: Attributes(made.obj_attributes))
        }
    }

    /// Creates a device, a socket or a FIFO; `device` applies to devices only.
    static func makeSpecialFile(
        _ name: NFSName,
        in directory: FileHandle,
        type: FileType,
        device: DeviceNumber,
        _ attributes: AttributeChanges
    ) -> RPCCall {
        RPCCall(.makeSpecialFile(name, in: directory, type: type, device: device, attributes), nsp_nfs3_mknod) {
            memory in
            var what = mknoddata3()
            what.type = ftype3(type.rawValue)
            switch type {
            case .blockDevice, .characterDevice:
                // Both have the same place in the union.
                let number = specdata3(specdata1: device.major, specdata2: device.minor)
                what.mknoddata3_u.chr_device = devicedata3(dev_attributes: sattr3(attributes), spec: number)
            default:
                what.mknoddata3_u.pipe_attributes = sattr3(attributes)
            }
            return MKNOD3args(where: memory.entry(name, in: directory), what: what)
        } decode: { (reply: MKNOD3res, _) in
            let made = reply.MKNOD3res_u.resok
            return PartialNode(handle: FileHandle(made.obj), attributes: Attributes(made.obj_attributes))
        }
    }
}

extension RPCCall where Value == [UInt8] {
    static func readLink(_ link: FileHandle) -> RPCCall {
        RPCCall(.readLink(link), nsp_nfs3_readlink) { memory in
            READLINK3args(symlink: memory.handle(link))
        } decode: { (reply: READLINK3res, _) in
            guard let target = reply.READLINK3res_u.resok.data else { return nil }
            return Array(UnsafeRawBufferPointer(start: target, count: strlen(target)))
        }
    }
}

extension RPCCall where Value == Done {
    static func setAttributes(of file: FileHandle, to changes: AttributeChanges) -> RPCCall {
        RPCCall(.setAttributes(of: file, to: changes), nsp_nfs3_setattr) { memory in
            SETATTR3args(object: memory.handle(file), new_attributes: sattr3(changes), guard: sattrguard3())
        } decode: { (_: SETATTR3res, _) in
            Done()
        }
    }

    static func remove(_ name: NFSName, in directory: FileHandle) -> RPCCall {
        RPCCall(.remove(name, in: directory), nsp_nfs3_remove) { memory in
            REMOVE3args(object: memory.entry(name, in: directory))
        } decode: { (_: REMOVE3res, _) in
            Done()
        }
    }

    static func removeDirectory(_ name: NFSName, in directory: FileHandle) -> RPCCall {
        RPCCall(.removeDirectory(name, in: directory), nsp_nfs3_rmdir) { memory in
            RMDIR3args(object: memory.entry(name, in: directory))
        } decode: { (_: RMDIR3res, _) in
            Done()
        }
    }

    static func rename(
        _ name: NFSName,
        in directory: FileHandle,
        to newName: NFSName,
        in newDirectory: FileHandle
    ) -> RPCCall {
        RPCCall(.rename(name, from: directory, to: newName, in: newDirectory), nsp_nfs3_rename) { memory in
            RENAME3args(from: memory.entry(name, in: directory), to: memory.entry(newName, in: newDirectory))
        } decode: { (_: RENAME3res, _) in
            Done()
        }
    }

    static func link(_ file: FileHandle, as name: NFSName, in directory: FileHandle) -> RPCCall {
        RPCCall(.link(file, as: name, in: directory), nsp_nfs3_link) { memory in
            LINK3args(file: memory.handle(file), link: memory.entry(name, in: directory))
        } decode: { (_: LINK3res, _) in
            Done()
        }
    }
}

extension RPCCall where Value == DirectoryPage {
    /// The largest page to request, in bytes. Servers lock a directory while they fill a page.
    private static var pageSize: UInt32 { 64 << 10 }

    static func readDirectory(_ directory: FileHandle, from start: DirectoryCursor) -> RPCCall {
        RPCCall(.readDirectory(directory, from: start), nsp_nfs3_readdirplus) { memory in
            var arguments = READDIRPLUS3args()
            arguments.dir = memory.handle(directory)
            arguments.cookie = start.cookie
            withUnsafeMutableBytes(of: &arguments.cookieverf) { $0.storeBytes(of: start.verifier, as: UInt64.self) }
            arguments.dircount = pageSize / 4
            arguments.maxcount = pageSize
            return arguments
        } decode: { (reply: READDIRPLUS3res, _) in
            let page = reply.READDIRPLUS3res_u.resok
            return DirectoryPage(page.reply.entries, isLast: page.reply.eof != 0, page.cookieverf, from: start)
        }
    }

    static func listNames(of directory: FileHandle, from start: DirectoryCursor) -> RPCCall {
        RPCCall(.listNames(directory, from: start), nsp_nfs3_readdir) { memory in
            var arguments = READDIR3args()
            arguments.dir = memory.handle(directory)
            arguments.cookie = start.cookie
            withUnsafeMutableBytes(of: &arguments.cookieverf) { $0.storeBytes(of: start.verifier, as: UInt64.self) }
            // Each name costs a LOOKUP afterwards.
            arguments.count = pageSize / 8
            return arguments
        } decode: { (reply: READDIR3res, _) in
            let page = reply.READDIR3res_u.resok
            return DirectoryPage(page.reply.entries, isLast: page.reply.eof != 0, page.cookieverf, from: start)
        }
    }
}

extension RPCCall where Value == FileChunk {
    static func read(_ file: FileHandle, at offset: UInt64, count: Int) -> RPCCall {
        RPCCall(.read(file, at: offset, count: count), nsp_nfs3_read) { memory in
            let arguments = READ3args(file: memory.handle(file), offset: offset, count: UInt32(clamping: count))
            return nsp_read(arguments: arguments, buffer: memory.readBuffer(for: count))
        } decode: { (reply: READ3res, memory) in
            withUnsafePointer(to: reply.READ3res_u.resok) { chunk in
                let length = Int(nsp_read_length(chunk))
                guard length <= count else { return nil }
                let bytes = UnsafeRawBufferPointer(start: nsp_read_bytes(chunk, memory.readBuffer), count: length)
                return FileChunk(bytes: Array(bytes), isLast: chunk.pointee.eof != 0)
            }
        }
    }
}

extension RPCCall where Value == WriteResult {
    static func write(
        _ bytes: ArraySlice<UInt8>,
        to file: FileHandle,
        at offset: UInt64,
        stability: WriteStability
    ) -> RPCCall {
        RPCCall(.write(bytes, to: file, at: offset, stability: stability), nsp_nfs3_write) { memory in
            var arguments = WRITE3args()
            arguments.file = memory.handle(file)
            arguments.offset = offset
            arguments.count = UInt32(clamping: bytes.count)
            arguments.stable = stability == .stable ? FILE_SYNC : UNSTABLE
            arguments.data.data_len = arguments.count
            arguments.data.data_val = memory.copy(bytes)
            return arguments
        } decode: { (reply: WRITE3res, _) in
            let written = reply.WRITE3res_u.resok
            guard (1...max(bytes.count, 1)).contains(Int(written.count)) || bytes.isEmpty else { return nil }
            return WriteResult(
                count: Int(written.count),
                isStable: written.committed == FILE_SYNC,
                verifier: WriteVerifier(written.verf)
            )
        }
    }
}

extension RPCCall where Value == WriteVerifier {
    static func commit(_ file: FileHandle) -> RPCCall {
        RPCCall(.commit(file), nsp_nfs3_commit) { memory in
            COMMIT3args(file: memory.handle(file), offset: 0, count: 0)
        } decode: { (reply: COMMIT3res, _) in
            WriteVerifier(reply.COMMIT3res_u.resok.verf)
        }
    }
}

extension RPCCall where Value == FileSystemStatistics {
    static func statistics(of root: FileHandle) -> RPCCall {
        RPCCall(.statistics(of: root), nsp_nfs3_fsstat) { memory in
            FSSTAT3args(fsroot: memory.handle(root))
        } decode: { (reply: FSSTAT3res, _) in
            let room = reply.FSSTAT3res_u.resok
            return FileSystemStatistics(
                totalBytes: room.tbytes,
                freeBytes: room.fbytes,
                availableBytes: room.abytes,
                totalFiles: room.tfiles,
                freeFiles: room.ffiles,
                availableFiles: room.afiles
            )
        }
    }
}

extension WriteVerifier {
    init(_ verifier: writeverf3) {
        self.init(value: withUnsafeBytes(of: verifier) { $0.loadUnaligned(as: UInt64.self) })
    }
}
