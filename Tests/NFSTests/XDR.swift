/// Writes what a reply is made of (RFC 4506).
struct XDR {
    private(set) var bytes: [UInt8] = []

    mutating func int(_ value: UInt32) { bytes += withUnsafeBytes(of: value.bigEndian) { Array($0) } }

    mutating func hyper(_ value: UInt64) { bytes += withUnsafeBytes(of: value.bigEndian) { Array($0) } }

    mutating func opaque(_ value: [UInt8]) {
        int(UInt32(value.count))
        bytes += value + [UInt8](repeating: 0, count: (4 - value.count % 4) % 4)
    }

    /// post_op_attr with attributes in it.
    mutating func optionalAttributes(type: UInt32, fsid: UInt64 = 1, fileid: UInt64 = 1) {
        int(1)
        attributes(type: type, fsid: fsid, fileid: fileid)
    }

    /// fattr3.
    mutating func attributes(type: UInt32, fsid: UInt64 = 1, fileid: UInt64 = 1) {
        for value in [type, 0o755, 1, 0, 0] { int(value) }
        for value in [0, 0, 0, fsid, fileid, 0, 0, 0] { hyper(value) }
    }

    static func build(_ body: (inout XDR) -> Void) -> [UInt8] {
        var xdr = XDR()
        body(&xdr)
        return xdr.bytes
    }
}
