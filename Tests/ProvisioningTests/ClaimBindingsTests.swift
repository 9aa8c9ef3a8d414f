import ControllerKit
import Kubernetes
import Logging
import TestBed
import Testing

@testable import Provisioning

@Suite("A provisioned claim is logged once, when it is Bound")
struct ClaimBindingsTests {
    private let claims = Store<PersistentVolumeClaim>()
    private let records: RecordingLogHandler.Records
    private let bindings: ClaimBindings

    init() {
        let (logger, records) = RecordingLogHandler.logger()
        self.records = records
        bindings = ClaimBindings(claims: claims, logger: logger)
    }

    private static let pending = ClaimVerdictTests.claim { claim in
        claim.metadata.creationTimestamp = Timestamp(seconds: Timestamp.now.seconds - 3)
    }

    private static var bound: PersistentVolumeClaim {
        var claim = pending
        claim.metadata.resourceVersion = "1000"
        claim.status = PersistentVolumeClaim.Status(phase: .bound)
        return claim
    }

    private func plan() throws -> ProvisioningPlan {
        let verdict = ClaimVerdictTests.verdict(Self.pending)
        guard case .provision(let plan) = verdict else {
            throw ShareError("the sample is not provisioned: \(verdict)")
        }
        return plan
    }

    private var told: [Logger.Metadata] { records.metadata(of: "claim bound") }

    @Test("With claim, volume, export, when it was asked for, and how long volume and binding took")
    func once() throws {
        bindings.made(try plan())
        bindings.claimChanged(.applied(old: nil, new: Self.pending))
        #expect(told.isEmpty)
        bindings.claimChanged(.applied(old: Self.pending, new: Self.bound))
        bindings.claimChanged(.applied(old: Self.bound, new: Self.bound))
        bindings.claimChanged(.resynced(Self.bound))
        let line = try #require(told.first)
        #expect(told.count == 1)
        #expect(line["claim"] == "\(Self.pending.key)" && line["export"] == "nas1:/srv/k8s")
        #expect(try line["volume"] == "\(plan().volumeName)")
        let asked = try #require(Self.pending.metadata.creationTimestamp)
        #expect(line["asked"] == "\(asked)")
        for name in ["made.seconds", "bound.seconds"] {
            let text = try #require(line[name])
            let seconds = try #require(Double("\(text)"))
            #expect(seconds >= 3 && seconds < 60)
        }
    }

    @Test("Also if the watch event arrives before the response to the creation")
    func watchFirst() throws {
        claims.upsert(Self.bound)
        bindings.claimChanged(.applied(old: Self.pending, new: Self.bound))
        #expect(told.isEmpty)
        bindings.made(try plan())
        #expect(told.count == 1)
        bindings.claimChanged(.resynced(Self.bound))
        #expect(told.count == 1)
    }

    @Test("Not for claims of others, deleted claims, or claims for which another process leads now")
    func others() throws {
        bindings.claimChanged(.applied(old: nil, new: Self.bound))
        bindings.made(try plan())
        bindings.claimChanged(.deleted(Self.pending))
        bindings.claimChanged(.applied(old: nil, new: Self.bound))
        bindings.made(try plan())
        bindings.forget()
        bindings.claimChanged(.applied(old: nil, new: Self.bound))
        #expect(told.isEmpty)
    }
}
