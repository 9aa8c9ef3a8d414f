import Kubernetes

extension Timestamp {
    /// `2006-01-02 15:04`, in UTC.
    var minuteText: String { String(description.prefix(16)).replacing("T", with: " ") }

    /// `2006-01-02`, in UTC.
    var dayText: String { String(description.prefix(10)) }

    /// How long before `now` it was, in one unit: `3 d`, `in 3 d`.
    func age(at now: Timestamp) -> String {
        let distance = now.seconds - seconds
        let span = abs(distance)
        let text =
            switch span {
            case ..<3600: "\(span / 60) min"
            case ..<86_400: "\(span / 3600) h"
            default: "\(span / 86_400) d"
            }
        return distance < 0 ? "in \(text)" : text
    }
}
