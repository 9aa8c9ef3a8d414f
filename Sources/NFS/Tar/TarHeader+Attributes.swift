import Tar

extension TarHeader {
    init(_ kind: Kind, path: [UInt8], target: [UInt8] = [], attributes: Attributes) {
        let mtime = attributes.mtime
        self.init(
            kind,
            path: path,
            target: target,
            metadata: TarMetadata(
                mode: attributes.mode,
                uid: attributes.uid,
                gid: attributes.gid,
                size: attributes.size,
                mtime: TarMetadata.Time(seconds: mtime.seconds, nanoseconds: mtime.nanoseconds),
                device: TarMetadata.Device(major: attributes.device.major, minor: attributes.device.minor)
            )
        )
    }

    /// The attributes that the entry is to have on an export; those that only a server decides are zero.
    var attributes: Attributes {
        let mtime = FileTime(seconds: metadata.mtime.seconds, nanoseconds: metadata.mtime.nanoseconds)
        return Attributes(
            type: kind.fileType,
            mode: metadata.mode,
            uid: metadata.uid,
            gid: metadata.gid,
            nlink: 1,
            size: metadata.size,
            used: 0,
            device: DeviceNumber(major: metadata.device.major, minor: metadata.device.minor),
            fsid: 0,
            fileid: 0,
            mtime: mtime,
            ctime: mtime
        )
    }
}

extension TarHeader.Kind {
    fileprivate var fileType: FileType {
        switch self {
        case .file, .hardLink, .extended: .regular
        case .symbolicLink: .symbolicLink
        case .characterDevice: .characterDevice
        case .blockDevice: .blockDevice
        case .directory: .directory
        case .fifo: .fifo
        }
    }
}
