import Foundation

/// Records as a person can read them: indented, keys sorted, a newline at the end.
enum RecordCoder {
    static func encode(_ value: some Encodable, pretty: Bool = true) throws(ShareError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting =
            pretty ? [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes] : [.sortedKeys, .withoutEscapingSlashes]
        do {
            return [UInt8](try encoder.encode(value)) + [UInt8(ascii: "\n")]
        } catch {
            throw ShareError("a record could not be written as JSON: \(error)")
        }
    }

    /// - Throws: ``ShareError`` naming the file.
    static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8], file: String) throws(ShareError)
        -> Value
    {
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch {
            throw ShareError("the record \(file) cannot be read: put it right, or move it away to go on without it")
        }
    }
}
