import Foundation
import Presentation

/// How the text of a setting is read, and how its value is shown.
package struct SettingKind<Value> {
    package let read: (String) throws(SettingMistake) -> Value
    package let effect: (Value) -> EffectiveValue

    package init(
        read: @escaping (String) throws(SettingMistake) -> Value,
        effect: @escaping (Value) -> EffectiveValue
    ) {
        self.read = read
        self.effect = effect
    }

    /// - Parameters:
    ///   - expected: What to write instead of an invalid value, such as `use true or false`.
    ///   - effect: How a value is shown.
    ///   - read: Returns `nil` for text that it cannot read.
    package init(expected: String, effect: @escaping (Value) -> EffectiveValue, _ read: @escaping (String) -> Value?) {
        self.init(
            read: { text throws(SettingMistake) in
                guard let value = read(text) else { throw SettingMistake("is \"\(text)\": \(expected)") }
                return value
            },
            effect: effect
        )
    }
}

/// What is wrong with a setting's value and what to do, as the end of a sentence about the setting.
package struct SettingMistake: Error {
    package let sentence: String

    package init(_ sentence: String) {
        self.sentence = sentence
    }
}

extension SettingKind<Bool> {
    package static var flag: Self {
        Self(expected: "use true or false", effect: { .flag($0) }) { Bool(goWord: $0) }
    }
}

extension SettingKind<Int> {
    package static func number(in range: ClosedRange<Int>) -> Self {
        Self(
            expected: "use a number from \(range.lowerBound) to \(range.upperBound)",
            effect: { .number(Double($0)) }
        ) { text in
            Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }
}

extension SettingKind<String?> {
    package static var text: Self {
        Self(read: { $0 }, effect: { $0.map { .text($0) } ?? .unset })
    }
}

extension SettingKind<[String]> {
    /// A comma-separated list.
    package static var list: Self { list(checked: { _ throws(SettingMistake) in }) }

    /// A comma-separated list, refused if `check` throws.
    package static func list(checked check: @escaping ([String]) throws(SettingMistake) -> Void) -> Self {
        Self(
            read: { text throws(SettingMistake) in
                let elements = text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
                try check(elements)
                return elements
            },
            effect: { .list($0) }
        )
    }
}
