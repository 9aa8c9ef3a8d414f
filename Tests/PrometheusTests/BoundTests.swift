import Testing

@testable import Prometheus

@Suite("Bounds of a family, and use by many threads")
struct BoundTests {
    /// The lines of a scrape that are series.
    private func series(_ registry: Registry) -> [String] {
        registry.text().split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init)
    }

    @Test("Beyond its limit a counter counts under the label value other, and known series continue")
    func counter() {
        let registry = Registry()
        let counter = registry.counter("seen_total", "Seen.", labels: ["name"], limit: 2)
        for name in ["b", "a", "c", "d", "a"] { counter.increment(name) }
        #expect(
            series(registry) == [
                #"seen_total{name="a"} 2"#, #"seen_total{name="b"} 1"#, #"seen_total{name="other"} 2"#,
            ]
        )
    }

    @Test("Beyond its limit a histogram observes under the label value other")
    func histogram() {
        let registry = Registry()
        let histogram = registry.histogram("wait_seconds", "Waits.", labels: ["a", "b"], bounds: [], limit: 1)
        histogram.observe(1.0, "x", "y")
        for value in [2.0, 3.0] { histogram.observe(value, "x", "\(value)") }
        #expect(series(registry).contains(#"wait_seconds_sum{a="other",b="other"} 5"#))
        #expect(series(registry).count == 6)
    }

    @Test(
        "Collected values beyond the limit are folded into one, with any that is really called other",
        arguments: [(Fold.sum, "25"), (.least, "4"), (.greatest, "14")]
    )
    func fold(fold: Fold, other: String) {
        let registry = Registry()
        registry.collect("size_bytes", "Sizes.", labels: ["name"], limit: 2, fold: fold) {
            [Sample(7, "x"), Sample(4, "other"), Sample(2, "b"), Sample(14, "p"), Sample(1, "a")]
        }
        #expect(
            series(registry)
                == [#"size_bytes{name="a"} 1"#, #"size_bytes{name="b"} 2"#, #"size_bytes{name="other"} \#(other)"#]
        )
    }

    @Test("A series that is really called other is counted together with those beyond the limit")
    func reallyOther() {
        let registry = Registry()
        registry.collect("size_bytes", "Sizes.", labels: ["name"], limit: 1) { [Sample(1, "other"), Sample(2, "p")] }
        #expect(series(registry) == [#"size_bytes{name="other"} 3"#])
    }

    @Test("Two values of the same labels are one series: a scrape never has a series twice")
    func twice() {
        let registry = Registry()
        registry.collect("size_bytes", "Sizes.", labels: ["name"]) { [Sample(1, "a"), Sample(2, "a")] }
        #expect(series(registry) == [#"size_bytes{name="a"} 3"#])
    }

    @Test("No event of many threads is lost, and a scrape meanwhile never sees too many")
    func manyThreads() async {
        let registry = Registry()
        let counter = registry.counter("seen_total", "Seen.", labels: ["name"])
        let histogram = registry.histogram("wait_seconds", "Waits.", bounds: [1])
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for number in 0..<1000 {
                        counter.increment("\(number % 4)")
                        histogram.observe(Double(number % 2) * 2)
                    }
                }
                group.addTask { for _ in 0..<20 { #expect(registry.text().contains("wait_seconds_count")) } }
            }
        }
        #expect(series(registry).prefix(4) == (0..<4).map { #"seen_total{name="\#($0)"} 2000"# }[...])
        #expect(series(registry).contains(#"wait_seconds_bucket{le="1"} 4000"#))
        #expect(series(registry).contains("wait_seconds_count 8000"))
    }

    @Test("A registry lists its families")
    func descriptors() {
        let registry = Registry()
        _ = registry.histogram("b_seconds", "B.", labels: ["x"], limit: 7)
        _ = registry.counter("a_total", "A.")
        let families = registry.descriptors
        #expect(families.map(\.descriptor.name) == ["a_total", "b_seconds"])
        #expect(families.map(\.type) == [.counter, .histogram])
        #expect(families[1].descriptor.labels == ["x"] && families[1].descriptor.limit == 7)
    }

    @Test("An invalid metric or label name is an error")
    func mistakes() {
        #expect(Descriptor.mistake(in: "ns:a_total", labels: ["x_1"]) == nil)
        for name in ["a-b", "1a", "", "a b", "\u{e4}"] {
            #expect(Descriptor.mistake(in: name, labels: []) == "\(name) cannot be the name of a metric")
        }
        for label in ["le", "__x", "a:b", ""] {
            #expect(
                Descriptor.mistake(in: "a_total", labels: ["ok", label]) == "a_total has an invalid label name"
            )
        }
    }
}
