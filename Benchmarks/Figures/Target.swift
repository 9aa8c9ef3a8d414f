/// What a figure has to be.
enum Target: Hashable, CustomStringConvertible {
    case atLeast(Double)
    case atMost(Double)
    case below(Double)

    func isMet(by value: Double) -> Bool {
        switch self {
        case .atLeast(let bound): value >= bound
        case .atMost(let bound): value <= bound
        case .below(let bound): value < bound
        }
    }

    var description: String {
        switch self {
        case .atLeast(let bound): "≥ \(bound.short)"
        case .atMost(let bound): "≤ \(bound.short)"
        case .below(let bound): "< \(bound.short)"
        }
    }
}
