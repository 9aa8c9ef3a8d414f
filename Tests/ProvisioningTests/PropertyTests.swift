import Foundation
import Kubernetes
import NFS
import TestBed
import Testing

@testable import Provisioning

@Suite("Invariants of every class, claim and volume")
struct PropertyTests {
    @Test(
        "S1, S3, S6, C1, C2: whatever a class and a claim say, what is planned lies below the export, deep as the pattern"
    )
    func plans() async {
        await forRandomCases(4000) { random in
            let (storageClass, claim, settings) = (random.storageClass(), random.claim(), random.settings())
            let verdict = ClaimVerdict(on: claim, storageClass: storageClass, volume: nil, settings: settings)
            try #require(
                verdict == ClaimVerdict(on: claim, storageClass: storageClass, volume: nil, settings: settings)
            )
            guard case .provision(let plan) = verdict else { return false }
            try #require(ClaimVerdict.isPending(claim) && claim.storageProvisioner.map(settings.knows) == true)
            try #require(settings.knows(storageClass.provisioner))
            let source = try #require(plan.volume.spec?.nfs)
            try #require(source.server == plan.share.export.server)
            try Self.require(plan.path, below: plan.share.export, at: source.path)
            try #require(plan.pathIsChosen || plan.path.components.count == 1)
            try #require(!plan.pathIsChosen || !ArchiveName.isArchive(plan.path.names[0].lowercased()))
            if let template = try ClassParameters(storageClass.parameters ?? [:]).pathTemplate {
                let plain = try template.path(
                    for: Self.plainValues(of: claim),
                    allowsEmptyValues: settings.allowsEmptyPlaceholders
                )
                try #require(plain.components.count == plan.path.components.count)
            }
            return true
        }
    }

    /// The values of a claim with nothing in them that could mean anything.
    private static func plainValues(of claim: PersistentVolumeClaim) -> PathTemplate.Values {
        func plain(_ value: String?) -> String { (value ?? "").isEmpty ? "" : "x" }
        return PathTemplate.Values(
            namespace: plain(claim.metadata.namespace),
            claim: plain(claim.metadata.name),
            volume: "x",
            labels: (claim.metadata.labels ?? [:]).mapValues(plain),
            annotations: (claim.metadata.annotations ?? [:]).mapValues(plain)
        )
    }

    /// By bytes, as a server and a kernel see it.
    private static func require(_ path: VolumePath, below export: ExportPath, at absolute: String) throws {
        let slash = UInt8(ascii: "/")
        let root = Array(export.path.utf8) + (export.path == "/" ? [] : [slash])
        try #require(absolute.utf8.starts(with: root))
        let below = absolute.utf8.dropFirst(root.count).split(separator: slash, omittingEmptySubsequences: false)
        try #require(below.map(Array.init) == path.components.map(\.bytes))
        try #require((1...32).contains(below.count))
        for component in below.map(Array.init) {
            try #require((1...255).contains(component.count) && !component.contains(0))
            try #require(component != Array(".".utf8) && component != Array("..".utf8))
            try #require(String(decoding: component, as: UTF8.self).lowercased() != ".sb-nfs-provisioner")
        }
    }

    @Test(
        "R1, R2, R12, S6: only a Released volume of ours under the policy Delete is reclaimed, and only below an export"
    )
    func reclaims() async {
        await forRandomCases(4000) { random in
            let (volume, settings) = (random.volume(), random.settings())
            let classes = [random.storageClass(), random.storageClass()]
            let verdict = VolumeVerdict(on: volume, classes: classes, settings: settings)
            try #require(verdict == VolumeVerdict(on: volume, classes: classes, settings: settings))
            guard case .reclaim(let plan) = verdict else { return false }
            try #require(volume.status?.phase == .released && volume.spec?.claimRef?.uid != nil)
            try #require(volume.spec?.persistentVolumeReclaimPolicy == .delete)
            try #require(volume.isProvisioned(under: settings) && plan.volume == volume)
            try #require(volume.metadata.deletionTimestamp == nil || volume.hasProvisionerFinalizer)
            let source = try #require(volume.spec?.nfs)
            let configured =
                [settings.export] + settings.additionalExports
                + classes.map { try? ClassParameters($0.parameters ?? [:]).export }
            try #require(configured.contains(plan.share.export) && plan.share.export.server == source.server)
            // Where the volume's own spelling has doubled slashes, the plan's has none.
            let clean =
                "/"
                + source.path.utf8.split(separator: UInt8(ascii: "/"))
                .map { String(decoding: $0, as: UTF8.self) }.joined(separator: "/")
            try Self.require(plan.path, below: plan.share.export, at: clean)
            if plan.action == .delete {
                let storageClass = try #require(
                    classes.first { $0.metadata.name == volume.className && settings.knows($0.provisioner) }
                )
                try #require(try ClassParameters.releaseAction(of: storageClass.parameters ?? [:]) == .delete)
            }
            return true
        }
    }

    @Test("S4: of volumes with reserved paths, none is at, in or around another, and none was refused needlessly")
    func places() async {
        await forRandomCases(400) { random in
            let paths = VolumePaths()
            // One server under two names, or two servers.
            let isOneServer = random.once(in: 2)
            var live: [Placed] = []
            for number in 0..<16 {
                if random.once(in: 4), let gone = live.indices.randomElement(using: &random) {
                    paths.remove(live.remove(at: gone).plan.volumeName)
                    continue
                }
                let names = (0...Int.random(in: 0..<3, using: &random)).map { _ in
                    random.pick(["a", "b", "ab", "a\u{301}"])
                }
                let server = random.pick(["nas1", "nas2"])
                let plan = try VolumePathsTests.plan("\(number)", path: names.joined(separator: "/"), server: server)
                let placed = Placed(plan: plan, realm: isOneServer ? "one" : server)
                let isTaken = live.contains { $0.touches(placed) }
                do {
                    try paths.reserve(plan)
                    try paths.reserve(plan, exportID: placed.realm)
                    try #require(!isTaken)
                    live.append(placed)
                } catch is ShareError {
                    try #require(isTaken)
                    paths.remove(plan.volumeName)
                }
            }
            return live.count > 1
        }
    }

    private struct Placed {
        let plan: ProvisioningPlan
        let realm: String

        func touches(_ other: Placed) -> Bool {
            let (own, others) = (plan.path.components, other.plan.path.components)
            return realm == other.realm && zip(own, others).allSatisfy { $0 == $1 }
        }
    }

    @Test("E1: an expansion never makes a volume or a claim smaller, nor one that is another's")
    func expansions() async {
        await forRandomCases(4000) { random in
            let settings = random.settings()
            var storageClass = random.storageClass()
            storageClass.allowVolumeExpansion = !random.once(in: 4)
            var claim = random.once(in: 4) ? random.claim() : ClaimVerdictTests.claim()
            var volume = random.once(in: 4) ? random.volume() : VolumeVerdictTests.volume()
            claim.spec?.resources = .init(requests: ["storage": random.quantity()])
            claim.spec?.storageClassName = random.once(in: 4) ? "standard" : storageClass.metadata.name
            claim.status?.phase = random.once(in: 8) ? .pending : .bound
            claim.status?.capacity = ["storage": random.quantity()]
            volume.spec?.capacity = ["storage": random.quantity()]
            volume.spec?.claimRef = random.once(in: 8) ? nil : claim.reference
            func verdict() -> ExpansionVerdict {
                ExpansionVerdict(on: claim, volume: volume, classes: [storageClass], settings: settings)
            }
            try #require(verdict() == verdict())
            guard case .expand(let plan) = verdict() else { return false }
            try #require(storageClass.allowVolumeExpansion == true && volume.spec?.claimRef?.uid == claim.metadata.uid)
            try #require(plan.size.exceeds(plan.current) && !plan.requested.exceeds(plan.size))
            if let capacity = volume.spec?.capacity?["storage"] { try #require(!capacity.exceeds(plan.size)) }
            return true
        }
    }

    @Test("P4: of parameters that cannot be read, one that is there is named")
    func parameters() async {
        await forRandomCases(4000) { random in
            let parameters = random.parameters()
            let read: ClassParameters
            do throws(ParameterError) {
                read = try ClassParameters(parameters)
            } catch {
                // A share without a server is a server that is missing.
                try #require(parameters[error.parameter] == error.value || error.value.isEmpty)
                return true
            }
            try #require(read.unknown.allSatisfy { parameters[$0] != nil })
            return false
        }
    }
}
