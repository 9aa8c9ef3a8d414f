/// What was measured so far.
struct Figures {
    /// Seconds and processor time that so many claims took.
    struct Step: Codable {
        let claims: Int
        let provisionedPerSecond: Double
        let provisionMilliseconds: Double
        var releasedPerSecond: Double?
        var releaseMilliseconds: Double?
    }

    /// Told of each value when it is there.
    let onNote: (FigureName, Double) -> Void
    private(set) var values: [FigureName: [Double]] = [:]
    /// How the cost grows with the work, the least first.
    var steps: [Step] = []

    init(onNote: @escaping (FigureName, Double) -> Void) {
        self.onNote = onNote
    }

    /// Takes down one run's value of a figure.
    mutating func note(_ value: Double, _ name: FigureName) {
        values[name, default: []].append(value)
        onNote(name, value)
    }

    /// Takes down two values, and how they compare.
    mutating func note(
        _ value: Double,
        _ name: FigureName,
        to floor: Double,
        _ floorName: FigureName,
        _ ratio: FigureName
    ) {
        note(value, name)
        note(floor, floorName)
        note(value / floor * (ratio.isPercentage ? 100 : 1), ratio)
    }
}

extension FigureName {
    fileprivate var isPercentage: Bool {
        definition(at: .standard).unit == "%"
    }
}

extension [Double] {
    /// The middle value, or half way between the two in the middle.
    var median: Double {
        guard !isEmpty else { return .nan }
        let sorted = sorted()
        return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2
    }

    /// The smallest value that so many percent of all do not exceed.
    func percentile(_ percent: Double) -> Double {
        guard !isEmpty else { return .nan }
        let rank = (Double(count) * percent / 100).rounded(.up)
        return sorted()[Swift.min(Swift.max(Int(rank), 1), count) - 1]
    }
}

extension Double {
    /// With three digits that count.
    var short: String {
        guard isFinite else { return "–" }
        let digits = abs(self) >= 99.95 || rounded() == self ? 0 : abs(self) >= 9.995 ? 1 : 2
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let scaled = (abs(self) * scale).rounded()
        let whole = (scaled / scale).rounded(.down)
        let fraction = String(Int(scaled - whole * scale))
        let sign = self < 0 && scaled != 0 ? "−" : ""
        guard digits > 0 else { return sign + "\(Int(whole))" }
        return sign + "\(Int(whole))." + String(repeating: "0", count: digits - fraction.count) + fraction
    }
}

extension Duration {
    var seconds: Double { self / .seconds(1) }
    var milliseconds: Double { self / .milliseconds(1) }
}
