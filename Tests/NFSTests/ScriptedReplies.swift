// The results of calls, as a ``ScriptedServer`` answers them.

extension [UInt8] {
    static func mounted(handle: String = "root", flavors: [UInt32] = [1]) -> [UInt8] {
        XDR.build { reply in
            reply.int(0)
            reply.opaque(Array(handle.utf8))
            reply.int(UInt32(flavors.count))
            for flavor in flavors { reply.int(flavor) }
        }
    }

    /// Of EXPORT.
    static func exported(_ exports: [(path: String, clients: [String])]) -> [UInt8] {
        XDR.build { reply in
            for export in exports {
                reply.int(1)
                reply.opaque(Array(export.path.utf8))
                for client in export.clients {
                    reply.int(1)
                    reply.opaque(Array(client.utf8))
                }
                reply.int(0)
            }
            reply.int(0)
        }
    }

    /// Of GETATTR.
    static func attributes(type: UInt32, fsid: UInt64 = 1, fileid: UInt64 = 1) -> [UInt8] {
        XDR.build { reply in
            reply.int(0)
            reply.attributes(type: type, fsid: fsid, fileid: fileid)
        }
    }

    /// Of LOOKUP.
    static func found(type: UInt32, handle: [UInt8] = Array("file".utf8), fsid: UInt64 = 1, fileid: UInt64 = 1)
        -> [UInt8]
    {
        XDR.build { reply in
            reply.int(0)
            reply.opaque(handle)
            reply.optionalAttributes(type: type, fsid: fsid, fileid: fileid)
            reply.int(0)
        }
    }

    /// Of MKDIR and CREATE.
    static func made(type: UInt32, fileid: UInt64 = 1) -> [UInt8] {
        XDR.build { reply in
            reply.int(0)
            reply.int(1)
            reply.opaque(Array("file".utf8))
            reply.optionalAttributes(type: type, fileid: fileid)
            reply.int(0)
            reply.int(0)
        }
    }

    /// Of READDIRPLUS: names, all of one type.
    static func page(_ names: [String], type: UInt32 = 1, fsid: UInt64 = 1, isLast: Bool) -> [UInt8] {
        XDR.build { reply in
            reply.int(0)
            reply.int(0)
            reply.hyper(7)
            for (cookie, name) in names.enumerated() {
                reply.int(1)
                reply.hyper(UInt64(cookie) + 100)
                reply.opaque(Array(name.utf8))
                reply.hyper(UInt64(cookie) + 1)
                reply.optionalAttributes(type: type, fsid: fsid)
                reply.int(1)
                reply.opaque(Array("entry".utf8))
            }
            reply.int(0)
            reply.int(isLast ? 1 : 0)
        }
    }

    /// Of READ.
    static func read(_ bytes: [UInt8], isLast: Bool) -> [UInt8] {
        XDR.build { reply in
            for word in [0, 0, UInt32(bytes.count), isLast ? 1 : 0] { reply.int(word) }
            reply.opaque(bytes)
        }
    }

    /// Of WRITE.
    static func written(_ count: UInt32, stable: UInt32, verifier: UInt64) -> [UInt8] {
        XDR.build { reply in
            for word in [0, 0, 0, count, stable] { reply.int(word) }
            reply.hyper(verifier)
        }
    }

    /// Of COMMIT.
    static func committed(verifier: UInt64) -> [UInt8] {
        XDR.build { reply in
            for _ in 0..<3 { reply.int(0) }
            reply.hyper(verifier)
        }
    }
}
