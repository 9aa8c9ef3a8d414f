import Kubernetes
import NFS
import Provisioning
import TestBed

/// Classes, claims, volumes and settings at random: sound ones, and such as somebody makes who wants to get out of the
/// export.
extension SeededGenerator {
    private static let plainTexts = ["a", "b", "db", "team-1", "clinic", "k8s"]

    /// Words that mean something to a path, to a placeholder, or to whoever takes characters for bytes.
    private static let hostileTexts = [
        "", ".", "..", "...", "/", "a/b", "../../etc", "/\u{301}", "a/\u{200D}b", "..\u{338}", ".\u{301}.", "\u{301}",
        "\0", "a\0b", "\n", "\r\n", "\u{7F}", "\u{202E}", "\u{FEFF}", " ", "$", "{", "}", "}\u{301}", "${", "${}",
        "${.PVC.name}", "${\u{301}.PVC.name}", ".sb-nfs-provisioner", ".SB-NFS-Provisioner", "archived-x", "Archived-x",
        "archieved-x", "Straße", "\u{1F600}", String(repeating: "n", count: 255), String(repeating: "ü", count: 128),
        String(repeating: "v", count: 5000),
    ]

    private static let keys = ["team", "example.com/dir", "a\u{301}", "k}", "absent"]
    private static let provisioners = ["nfs.smart-bear.eu/sb-managed-nfs", "old.example.com/nfs", "other"]
    private static let exportPaths = ["/srv/k8s", "/srv", "/srv/k8s/inner", "/"]

    /// - Returns: true once in `many` times.
    mutating func once(in many: Int) -> Bool { Int.random(in: 0..<many, using: &self) == 0 }

    mutating func text() -> String {
        switch Int.random(in: 0..<6, using: &self) {
        case 0: pick(Self.hostileTexts)
        case 1: pick(Self.hostileTexts) + pick(Self.plainTexts)
        case 2: pick(Self.plainTexts) + pick(Self.hostileTexts)
        default: pick(Self.plainTexts)
        }
    }

    private mutating func texts() -> [String: String] {
        var texts: [String: String] = [:]
        for key in Self.keys.dropLast() where !once(in: 4) { texts[key] = text() }
        return texts
    }

    /// One of `values`, and now and then something else.
    private mutating func word(_ values: [String]) -> String { once(in: 8) ? text() : pick(values) }

    mutating func template() -> String {
        (0...Int.random(in: 0..<6, using: &self)).map { _ in
            switch Int.random(in: 0..<8, using: &self) {
            case 0: return text()
            case 1...3: return "/"
            case 4: return "${.PVC.labels.\(pick(Self.keys))}"
            case 5: return "${.PVC.annotations.\(pick(Self.keys))}"
            default:
                return "${" + pick([".PVC.name", ".PVC.namespace", "pvc.metadata.name", "pv.metadata.name"]) + "}"
            }
        }.joined()
    }

    mutating func parameters() -> [String: String] {
        var parameters: [String: String] = [:]
        if !once(in: 4) { parameters[pick(["pathPattern", "subDir"])] = template() }
        if once(in: 3) {
            parameters["server"] = word(["nas1", "nas2"])
            parameters["share"] = word(Self.exportPaths)
        }
        if once(in: 4) { parameters[pick(["mountPermissions", "mode"])] = word(["0770", "0", "7777"]) }
        if once(in: 6) { parameters[pick(["uid", "gid"])] = word(["0", "1000", "4294967294"]) }
        if once(in: 3) { parameters["onDelete"] = word(["delete", "retain", "archive"]) }
        if once(in: 3) { parameters["archiveOnDelete"] = word(["true", "False", "0"]) }
        if once(in: 6) { parameters["backup"] = word(["required", "optional", "none"]) }
        if once(in: 6) { parameters[text()] = text() }
        return parameters
    }

    mutating func storageClass() -> StorageClass {
        StorageClass(
            metadata: ObjectMeta(name: pick(["standard", "other"])),
            provisioner: once(in: 8) ? pick(Self.provisioners) : Self.provisioners[0],
            parameters: parameters(),
            reclaimPolicy: pick([.delete, .retain, nil]),
            mountOptions: once(in: 4) ? [word(["hard", "port=2049", "nfsvers=4.1"])] : nil,
            allowVolumeExpansion: pick([true, false, nil]),
            volumeBindingMode: once(in: 8) ? .waitForFirstConsumer : .immediate
        )
    }

    mutating func settings() -> ProvisionerSettings {
        var settings = ClaimVerdictTests.settings
        settings.allowsEmptyPlaceholders = once(in: 2)
        settings.addsFinalizer = !once(in: 3)
        if once(in: 8) { settings.export = nil }
        if once(in: 4) { settings.additionalExports = ["nas1:/srv", "nas2:/srv/k8s"].compactMap { ExportPath($0) } }
        return settings
    }

    mutating func claim() -> PersistentVolumeClaim {
        var claim = ClaimVerdictTests.claim {
            $0.metadata.name = text()
            $0.metadata.namespace = text()
            $0.metadata.labels = texts()
            $0.metadata.annotations?.merge(texts()) { $1 }
            $0.spec?.resources = .init(requests: ["storage": quantity()])
        }
        if once(in: 8) { claim.metadata.annotations?[AnnotationKey.storageProvisioner] = pick(Self.provisioners) }
        if once(in: 8) { claim.metadata.annotations?[AnnotationKey.betaStorageClass] = text() }
        if once(in: 8) { claim.metadata.annotations?[AnnotationKey.restoreFrom] = text() }
        if once(in: 8) { claim.metadata.annotations?[AnnotationKey.restoreMode] = word(["move", "copy"]) }
        if once(in: 8) { claim.metadata.annotations?[AnnotationKey.backup] = word(["required", "none"]) }
        if once(in: 8) { claim.metadata.annotations?[AnnotationKey.selectedNode] = text() }
        if once(in: 16) { claim.metadata.deletionTimestamp = Timestamp(seconds: 1) }
        if once(in: 16) { claim.metadata.uid = nil }
        if once(in: 16) { claim.spec?.volumeName = text() }
        if once(in: 16) { claim.spec?.volumeMode = .block }
        if once(in: 16) { claim.spec?.selector = LabelSelector() }
        if once(in: 16) { claim.spec?.dataSource = TypedObjectReference(kind: text(), name: text()) }
        if once(in: 8) { claim.status?.phase = pick([.pending, .bound, .lost]) }
        return claim
    }

    mutating func volume() -> PersistentVolume {
        let path = pick(Self.exportPaths) + (0..<Int.random(in: 0..<4, using: &self)).map { _ in "/" + text() }.joined()
        var volume = VolumeVerdictTests.volume(path: once(in: 8) ? text() : path)
        volume.spec?.capacity = ["storage": quantity()]
        volume.spec?.nfs?.server = pick(["nas1", "nas1", "nas2", text()])
        volume.spec?.storageClassName = pick(["standard", "other", nil])
        if once(in: 6) { volume.status?.phase = pick([.pending, .available, .bound, .failed]) }
        if once(in: 6) { volume.spec?.persistentVolumeReclaimPolicy = pick([.retain, nil]) }
        if once(in: 6) { volume.metadata.annotations?[AnnotationKey.provisionedBy] = pick(Self.provisioners + [""]) }
        if once(in: 6) { volume.metadata.annotations?[AnnotationKey.migratedTo] = pick(Self.provisioners) }
        if once(in: 3) { volume.metadata.annotations?[AnnotationKey.share] = word(Self.exportPaths) }
        if once(in: 6) { volume.metadata.finalizers = pick([nil, [], ["kubernetes.io/pv-protection"]]) }
        if once(in: 6) { volume.metadata.deletionTimestamp = Timestamp(seconds: 1) }
        if once(in: 12) { volume.spec?.claimRef = pick([nil, ObjectReference(name: text())]) }
        if once(in: 16) { volume.spec?.nfs = nil }
        return volume
    }

    mutating func quantity() -> Quantity {
        if once(in: 16) { return Quantity(rawValue: text()) }
        let number = pick(["0", "1", "5", "1.5", "0.0001", "-1", "+7", "\(Int64.random(in: 0 ... .max, using: &self))"])
        let suffix = pick(["", "Ki", "Mi", "Gi", "Ti", "k", "M", "G", "m", "n", "e3", "E-2", "e99", "e\(Int.min)"])
        return Quantity(rawValue: number + suffix)
    }
}
