import Kubernetes
import Provisioning

extension ClockSight {
    /// Why no age can be computed with these clocks; nil: they agree.
    var disagreement: String? {
        let seconds = Int64(abs(difference).rounded())
        guard seconds > ArchiveTimes.tolerance else { return nil }
        return "the NFS server's clock is \(seconds) s \(difference > 0 ? "ahead of" : "behind") this machine's;"
            + " set both clocks with NTP"
    }

    /// Our time.
    var now: Timestamp { Timestamp(seconds: Int64(after)) }
}
