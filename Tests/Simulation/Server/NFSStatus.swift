/// nfsstat3, RFC 1813 §2.6, as far as the simulated server answers it.
package enum NFSStatus: UInt32, Error, Hashable, Sendable {
    case permission = 1
    case noEntry = 2
    case exists = 17
    case notDirectory = 20
    case isDirectory = 21
    case invalid = 22
    case tooLarge = 27
    case noSpace = 28
    case nameTooLong = 63
    case notEmpty = 66
    case quota = 69
    case stale = 70
    case badHandle = 10001
    case badCookie = 10003
    case notSupported = 10004
    case serverFault = 10006
    case badType = 10007
    case jukebox = 10008
}
