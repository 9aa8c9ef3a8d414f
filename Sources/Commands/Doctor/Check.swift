/// One thing that was looked at, and what is to be thought of it.
struct Check: Codable, Hashable {
    /// For programs: none of them changes its meaning. docs/doctor.md says what each is.
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
        case exportWritable = "exports.writable"
        case exportSquash = "exports.squash"
        case exportChown = "exports.chown"
        case exportRename = "exports.rename"
        case exportClock = "exports.clock"
        case exportClean = "exports.clean"
        case hook = "hooks.usable"
        case leader = "provisioners.leader"
        case others = "provisioners.others"

        /// `exports`, as what belongs together is shown.
        var group: Substring { rawValue.prefix { $0 != "." } }

        /// `mount`
        var name: Substring { rawValue.drop { $0 != "." }.dropFirst() }
    }

    enum Result: String, Codable, CaseIterable {
        case ok
        /// Something that goes well now and may not for long, or that may be meant so.
        case warning
        case failed
        /// Not looked at, so nothing is known.
        case skipped
    }

    let id: ID
    /// What it was looked at of: an export, a class, a hook, a resource; nil where there is only one.
    let subject: String?
    let result: Result
    /// What was found, or why nothing was.
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
