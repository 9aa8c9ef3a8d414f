/// One check of the doctor, with its result.
struct Check: Codable, Hashable {
    /// The ids of checks, for programs: an id never changes its meaning. docs/doctor.md describes each.
    enum ID: String, Codable, CaseIterable {
        case settings = "settings.usable"
        case api = "cluster.api"
        case version = "cluster.version"
        case user = "access.user"
        case right = "access.right"
        case classesPresent = "classes.present"
        case classUsable = "classes.usable"
        case defaultClass = "classes.default"
        case exportsKnown = "exports.known"
        case exportName = "exports.name"
        case exportPort = "exports.port"
        case exportProtocol = "exports.protocol"
        case exportMountService = "exports.mountd"
        case exportMount = "exports.mount"
        case exportSource = "exports.source"
        case exportIdentity = "exports.identity"
        case exportSpace = "exports.space"
        case exportFiles = "exports.inodes"
        case exportListing = "exports.listing"
        case exportWritable = "exports.writable"
        case exportSquash = "exports.squash"
        case exportChown = "exports.chown"
        case exportChmod = "exports.chmod"
        case exportTypes = "exports.types"
        case exportRename = "exports.rename"
        case exportClock = "exports.clock"
        case exportClean = "exports.clean"
        case hook = "hooks.usable"
        case leader = "provisioners.leader"
        case others = "provisioners.others"

        /// The group that the check is shown in, such as `exports`.
        var group: Substring { rawValue.prefix { $0 != "." } }

        /// The name in the group, such as `mount`.
        var name: Substring { rawValue.drop { $0 != "." }.dropFirst() }
    }

    enum Result: String, Codable, CaseIterable {
        case ok
        /// Something that works now but may not for long, or that may be intended.
        case warning
        case failed
        /// Not checked, so nothing is known.
        case skipped
    }

    let id: ID
    /// What was checked: an export, a class, a hook or a resource; nil if there is only one.
    let subject: String?
    let result: Result
    /// What was found, or why the check was skipped.
    let sentence: String
    /// What to do about it.
    let remedy: String?

    private init(_ id: ID, _ subject: String?, _ result: Result, _ sentence: String, _ remedy: String?) {
        self.id = id
        self.subject = subject
        self.result = result
        self.sentence = sentence
        self.remedy = remedy
    }

    static func ok(_ id: ID, of subject: String? = nil, _ sentence: String) -> Check {
        Check(id, subject, .ok, sentence, nil)
    }

    static func warning(_ id: ID, of subject: String? = nil, _ sentence: String, remedy: String) -> Check {
        Check(id, subject, .warning, sentence, remedy)
    }

    static func failed(_ id: ID, of subject: String? = nil, _ sentence: String, remedy: String) -> Check {
        Check(id, subject, .failed, sentence, remedy)
    }

    static func skipped(_ id: ID, of subject: String? = nil, _ reason: String) -> Check {
        Check(id, subject, .skipped, reason, nil)
    }
}
