import TestBed
import Testing

@testable import ControllerKit

@Suite struct FairLineTests {
    private struct Key: Hashable {
        let group: String
        let number: Int
    }

    @Test func `a group with many keys in line lets another's only one through next`() {
        var line = FairQueue<Key>(group: \.group)
        for number in 0..<5_000 { line.append(Key(group: "crowd", number: number)) }
        _ = line.popFirst()
        line.append(Key(group: "alone", number: 0))
        _ = line.popFirst()
        #expect(line.popFirst() == Key(group: "alone", number: 0))
        #expect(line.popFirst() == Key(group: "crowd", number: 2))
        #expect(line.count == 4_997)
    }

    @Test func `within a group it is first come first served, and nobody has two turns while another waits`() async {
        await forRandomCases(200) { random in
            var line = FairQueue<Key>(group: \.group)
            var model: [String: [Key]] = [:]
            /// Who had a turn while a group waited for its next.
            var turns: [String: Set<String>] = [:]
            for number in 0..<300 {
                if Bool.random(using: &random) {
                    let key = Key(group: "\(Int.random(in: 0..<6, using: &random))", number: number)
                    if model[key.group, default: []].isEmpty { turns[key.group] = [] }
                    model[key.group, default: []].append(key)
                    line.append(key)
                } else if let key = line.popFirst() {
                    try #require(model[key.group]?.removeFirst() == key)
                    turns[key.group] = []
                    for (group, keys) in model where group != key.group && !keys.isEmpty {
                        try #require(turns[group, default: []].insert(key.group).inserted)
                    }
                }
                try #require(line.count == model.values.reduce(0) { $0 + $1.count })
            }
            return line.count > 0
        }
    }
}
