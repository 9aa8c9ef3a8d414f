import Foundation
import Kubernetes

/// Encodes records for human readers: indented, keys sorted, a newline at the end.
enum RecordCoder {
    static func encode(_ value: some Encodable, pretty: Bool = true) throws(ShareError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting =
            pretty ? [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes] : [.sortedKeys, .withoutEscapingSlashes]
        do {
            return [UInt8](try encoder.encode(value)) + [UInt8(ascii: "\n")]
        } catch {
            throw ShareError("a record cannot be encoded as JSON: \(error)")
        }
    }

    /// - Throws: ``ShareError`` naming the file.
    static func decode<Value: Decodable>(
        _ type: Value.Type,
        from bytes: [UInt8],
        file: String
    ) throws(ShareError) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch {
            throw ShareError("the record \(file) cannot be read: correct it, or move it away to continue without it")
        }
    }

    /// Encodes a record that replaces an earlier state of itself. Keeps the fields of that state that this program does
    /// not know: a later version's, or an admin's.
    static func encode<Record: ShareRecord>(
        _ record: Record,
        over earlier: [UInt8],
        file: String
    ) throws(ShareError) -> [UInt8] {
        let all = try decode(JSONValue.self, from: earlier, file: file)
        let known = try field(of: try decode(Record.self, from: earlier, file: file), file)
        return try encode(try field(of: record, file).adding(all.subtracting(known)))
    }

    private static func field(of record: some ShareRecord, _ file: String) throws(ShareError) -> JSONValue {
        try decode(JSONValue.self, from: try encode(record), file: file)
    }
}

extension JSONValue {
    /// This object without the other's fields; nested objects are compared field by field.
    func subtracting(_ other: JSONValue) -> JSONValue {
        guard case .object(let fields) = self, case .object(let others) = other else { return self }
        var rest: [String: JSONValue] = [:]
        for (name, field) in fields {
            guard let known = others[name] else {
                rest[name] = field
                continue
            }
            if case .object(let inner) = field.subtracting(known), case .object = known, !inner.isEmpty {
                rest[name] = .object(inner)
            }
        }
        return .object(rest)
    }

    /// This object with those fields of the other that it lacks.
    func adding(_ other: JSONValue) -> JSONValue {
        guard case .object(let fields) = self, case .object(let others) = other else { return self }
        return .object(fields.merging(others) { $0.adding($1) })
    }
}
