import Testing

@testable import Prometheus

@Suite("The text format 0.0.4")
struct TextFormatTests {
    @Test("A counter without labels exists from the start, one with labels from its first event")
    func counter() {
        let registry = Registry()
        let plain = registry.counter("things_total", "Things seen.")
        let labelled = registry.counter("sorted_things_total", "Things by sort.", labels: ["sort", "size"])
        #expect(
            registry.text() == """
                # HELP sorted_things_total Things by sort.
                # TYPE sorted_things_total counter
                # HELP things_total Things seen.
                # TYPE things_total counter
                things_total 0

                """
        )
        plain.increment()
        plain.increment(by: 1.5)
        labelled.increment("b", "", by: 0)
        labelled.increment("a", "big")
        #expect(
            registry.text() == """
                # HELP sorted_things_total Things by sort.
                # TYPE sorted_things_total counter
                sorted_things_total{sort="a",size="big"} 1
                sorted_things_total{sort="b",size=""} 0
                # HELP things_total Things seen.
                # TYPE things_total counter
                things_total 2.5

                """
        )
    }

    @Test("A gauge shows only its last value; a collected family shows the state at the scrape")
    func gauges() {
        let registry = Registry()
        let gauge = registry.gauge("room_bytes", "Room.", labels: ["place"])
        registry.collect("age_seconds", "Age.") { [Sample(-0.25)] }
        gauge.replace(with: [Sample(1, "b"), Sample(2, "a")])
        gauge.replace(with: [Sample(3e12, "c")])
        #expect(
            registry.text() == """
                # HELP age_seconds Age.
                # TYPE age_seconds gauge
                age_seconds -0.25
                # HELP room_bytes Room.
                # TYPE room_bytes gauge
                room_bytes{place="c"} 3000000000000

                """
        )
    }

    @Test("A histogram's buckets are cumulative, a bound belongs to its bucket, and the last is +Inf")
    func histogram() {
        let registry = Registry()
        let histogram = registry.histogram("wait_seconds", "Waits.", labels: ["who"], bounds: [0.5, 1, 10])
        for value in [0.5, 0.75, 20] { histogram.observe(value, "me") }
        histogram.observe(.milliseconds(250), "me")
        #expect(
            registry.text() == """
                # HELP wait_seconds Waits.
                # TYPE wait_seconds histogram
                wait_seconds_bucket{who="me",le="0.5"} 2
                wait_seconds_bucket{who="me",le="1"} 3
                wait_seconds_bucket{who="me",le="10"} 3
                wait_seconds_bucket{who="me",le="+Inf"} 4
                wait_seconds_sum{who="me"} 21.5
                wait_seconds_count{who="me"} 4

                """
        )
    }

    @Test("Backslashes, line feeds and quotes are escaped; other characters stay as they are")
    func escaping() {
        let registry = Registry()
        let counter = registry.counter("odd_total", "A \\ and\na \"quote\".", labels: ["name"])
        counter.increment("back\\slash\nline \"ü\" \r\n{}")
        #expect(registry.text().contains("# HELP odd_total A \\\\ and\\na \"quote\".\n"))
        #expect(registry.text().contains("odd_total{name=\"back\\\\slash\\nline \\\"ü\\\" \r\\n{}\"} 1\n"))
    }

    @Test(
        "Numbers have the format that Go reads",
        arguments: [
            (0, "0"), (-1, "-1"), (0.1, "0.1"), (1e21, "1e+21"), (.infinity, "+Inf"), (-.infinity, "-Inf"),
            (.nan, "NaN"),
            (9_007_199_254_740_992, "9007199254740992"),
        ] as [(Double, String)]
    )
    func numbers(value: Double, text: String) {
        #expect(Exposition.number(value) == text)
    }
}
