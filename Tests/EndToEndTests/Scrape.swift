import Subprocess
import TestBed
import Testing

/// The metrics of a controller at one moment.
struct Scrape {
    let text: String

    /// - Returns: The value of a series, by its name and labels as they stand in the text; nil if it is not there.
    subscript(series: String) -> Double? {
        for line in text.split(separator: "\n") where line.hasPrefix(series + " ") {
            return Double(line.dropFirst(series.utf8.count + 1))
        }
        return nil
    }

    /// The families that are announced, with their types.
    var families: [String: String] {
        let headings = text.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }.map { $0.split(separator: " ") }
        return Dictionary(headings.map { (String($0[2]), String($0[3])) }) { one, _ in one }
    }

    /// What `promtool check metrics` says against it; empty if nothing.
    func complaints() async throws -> String {
        let result = try await Subprocess.run(
            .name("promtool"),
            arguments: ["check", "metrics"],
            input: .string(text),
            output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20)
        )
        let words = result.standardOutput + result.standardError
        return result.terminationStatus.isSuccess ? words : words + "\(result.terminationStatus)"
    }
}

extension ControllerProcess {
    func scrape() async throws -> Scrape {
        let answer = try await get("metrics")
        #expect(answer.status == "200")
        #expect(answer.contentType == "text/plain; version=0.0.4; charset=utf-8")
        return Scrape(text: answer.body)
    }

    /// Waits until a series has a value.
    func expect(
        _ series: String,
        _ what: String,
        sourceLocation: SourceLocation = #_sourceLocation,
        where isSo: (Double) -> Bool
    ) async throws {
        var last: Double?
        try await eventually("\(series) is \(what)", sourceLocation: sourceLocation) {
            last = try await scrape()[series]
            return last.map(isSo) ?? false
        }
        #expect(last.map(isSo) == true, "\(series) was \(String(describing: last))", sourceLocation: sourceLocation)
    }

    func expect(
        _ series: String,
        is value: Double,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try await expect(series, "\(value)", sourceLocation: sourceLocation) { $0 == value }
    }
}
