/// A number of bytes as people read it, in binary units: `1.50 GiB`.
///
/// The page's script formats its sums by the same arithmetic.
package struct ByteCount: CustomStringConvertible {
    package let bytes: Double

    package init(bytes: Double) {
        self.bytes = bytes
    }

    package init(_ bytes: some BinaryInteger) {
        self.init(bytes: Double(bytes))
    }

    package var description: String {
        let size = abs(bytes)
        let sign = bytes < 0 ? "−" : ""
        guard size >= 1024 else { return "\(sign)\(Int(size)) B" }
        var (value, unit) = (size / 1024, 0)
        while value >= 1024, unit < Self.units.count - 1 { (value, unit) = (value / 1024, unit + 1) }
        let digits = value >= 100 ? 0 : value >= 10 ? 1 : 2
        let scale = [1, 10, 100][digits]
        let scaled = Int((value * Double(scale)).rounded(.toNearestOrAwayFromZero))
        guard digits > 0 else { return "\(sign)\(scaled) \(Self.units[unit])" }
        let fraction = String(scaled % scale)
        let padding = String(repeating: "0", count: digits - fraction.utf8.count)
        return "\(sign)\(scaled / scale).\(padding)\(fraction) \(Self.units[unit])"
    }

    private static let units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
}
