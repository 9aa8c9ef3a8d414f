/// Metrics in Prometheus' text format, version 0.0.4.
struct Exposition {
    private(set) var text = ""

    /// Writes a family's heading and all its series.
    mutating func write(_ family: some Family) {
        let name = family.descriptor.name
        text += "# HELP \(name) \(Self.escaped(family.descriptor.help, quote: false))\n"
        text += "# TYPE \(name) \(family.type.rawValue)\n"
        family.write(to: &self)
    }

    /// Writes one line.
    ///
    /// - Parameters:
    ///   - descriptor: The family.
    ///   - labels: The values of its labels, in their order.
    ///   - value: The value.
    ///   - suffix: The suffix of the family's name.
    ///   - bound: The upper bound of a histogram's bucket.
    mutating func write(
        _ descriptor: Descriptor,
        _ labels: [String],
        _ value: Double,
        suffix: String = "",
        bound: Double? = nil
    ) {
        var pairs = zip(descriptor.labels, labels).map { "\($0)=\"\(Self.escaped($1, quote: true))\"" }
        if let bound { pairs.append("le=\"\(Self.number(bound))\"") }
        text += descriptor.name + suffix
        if !pairs.isEmpty { text += "{\(pairs.joined(separator: ","))}" }
        text += " \(Self.number(value))\n"
    }

    /// A number as Go's `ParseFloat` reads it.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return Int64(exactly: value).map(String.init) ?? "\(value)"
    }

    private static func escaped(_ text: String, quote: Bool) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\n": escaped += "\\n"
            case "\"" where quote: escaped += "\\\""
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
