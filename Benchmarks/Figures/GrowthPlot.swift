import Foundation

/// What a claim costs as there are more of them at once: logarithmic to the right, from zero upwards, so that a flat line is
/// a cost that grows linearly with the work.
struct GrowthPlot {
    private struct Line {
        let label: String
        let colour: String
        let points: [(claims: Int, value: Double)]
    }

    private static let (width, height, left, right, top, bottom) = (640.0, 320.0, 60.0, 200.0, 20.0, 50.0)

    private let lines: [Line]
    private let claims: [Int]
    private let highest: Double

    init(steps: [Figures.Step]) {
        let candidates = [
            Line(
                label: "provisioning a claim",
                colour: "#1f77b4",
                points: steps.map { ($0.claims, $0.provisionMilliseconds) }
            ),
            Line(
                label: "releasing a volume",
                colour: "#d62728",
                points: steps.compactMap { step in step.releaseMilliseconds.map { (step.claims, $0) } }
            ),
        ]
        lines = candidates.filter { !$0.points.isEmpty }
        claims = steps.map(\.claims)
        highest = (lines.flatMap(\.points).map(\.value).max() ?? 1) * 1.2
    }

    var svg: String {
        var parts = [
            #"<svg xmlns="http://www.w3.org/2000/svg" width="640" height="320" font-family="sans-serif" font-size="12">"#,
            #"<rect width="640" height="320" fill="white"/>"#,
        ]
        for share in stride(from: 0.0, through: 1, by: 0.25) {
            let y = y(share * highest)
            parts.append(
                ##"<line x1="\##(Self.left)" y1="\##(y)" x2="\##(Self.width - Self.right)" y2="\##(y)" stroke="#ddd"/>"##
            )
            parts.append(text((share * highest).short, x: Self.left - 8, y: y + 4, anchor: "end"))
        }
        for count in claims {
            parts.append(text("\(count)", x: x(count), y: Self.height - Self.bottom + 18, anchor: "middle"))
        }
        let middle = (Self.left + Self.width - Self.right) / 2
        parts.append(text("claims at once", x: middle, y: Self.height - 10, anchor: "middle"))
        parts.append(text("ms of processor time of the controller", x: Self.left - 40, y: 12, anchor: "start"))
        for line in lines { parts += draw(line) }
        return (parts + ["</svg>", ""]).joined(separator: "\n")
    }

    private func draw(_ line: Line) -> [String] {
        let points = line.points.map { "\(x($0.claims)),\(y($0.value))" }.joined(separator: " ")
        let dots = line.points.map { point in
            #"<circle cx="\#(x(point.claims))" cy="\#(y(point.value))" r="3" fill="\#(line.colour)"/>"#
        }
        let (end, value) = line.points.last.map { (x($0.claims), y($0.value)) } ?? (0, 0)
        return [#"<polyline points="\#(points)" fill="none" stroke="\#(line.colour)" stroke-width="2"/>"#] + dots
            + [text(line.label, x: end + 8, y: value + 4, anchor: "start")]
    }

    private func text(_ text: String, x: Double, y: Double, anchor: String) -> String {
        #"<text x="\#(x)" y="\#(y)" text-anchor="\#(anchor)">\#(text)</text>"#
    }

    private func x(_ claims: Int) -> Double {
        let (first, last) = (log(Double(self.claims.first ?? 1)), log(Double(self.claims.last ?? 1)))
        let share = last > first ? (log(Double(claims)) - first) / (last - first) : 0
        return Self.left + 20 + ((Self.width - Self.right - Self.left - 40) * share).rounded()
    }

    private func y(_ value: Double) -> Double {
        let room = Self.height - Self.top - Self.bottom
        return (Self.height - Self.bottom - room * value / highest).rounded()
    }
}
