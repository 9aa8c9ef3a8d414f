/// Finds where the items of a list begin and end in its text. It understands only as much JSON as that takes.
struct ListScanner {
    /// Whether the text before the next boundary is an item, and not around the items.
    private(set) var isAmongItems = false
    /// The next byte to look at.
    private var position = 0
    /// The number of open objects and arrays, around the items or within one.
    private var depth = 0
    private var isInString = false
    private var isEscaped = false
    /// The last string, without its quotes.
    private var string = 0..<0
    /// Whether the current member of the list is its `items`.
    private var isItems = false

    /// Finds the byte at which the items begin, one item ends, or all end.
    ///
    /// - Parameter bytes: The text after the last boundary so far.
    /// - Returns: `nil` until more text arrives.
    mutating func boundary(in bytes: UnsafeRawBufferPointer) -> Int? {
        while position < bytes.count {
            if isInString {
                readString(bytes[position])
            } else if isBoundary(bytes) {
                defer { (position, string) = (0, 0..<0) }
                return position
            }
            position += 1
        }
        return nil
    }

    private mutating func readString(_ byte: UInt8) {
        if isEscaped {
            isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
            isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
            isInString = false
            string = string.lowerBound..<position
        }
    }

    private mutating func isBoundary(_ bytes: UnsafeRawBufferPointer) -> Bool {
        switch bytes[position] {
        case UInt8(ascii: "\""):
            isInString = true
            string = position + 1..<position + 1
        case UInt8(ascii: ":") where !isAmongItems && depth == 1:
            isItems = bytes[string].elementsEqual("items".utf8)
        case UInt8(ascii: ","):
            if isAmongItems { return depth == 0 }
            if depth == 1 { isItems = false }
        case UInt8(ascii: "[") where isItems && !isAmongItems && depth == 1:
            (isAmongItems, depth) = (true, 0)
            return true
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            depth += 1
        case UInt8(ascii: "}") where isAmongItems && depth == 0, UInt8(ascii: "]") where isAmongItems && depth == 0:
            (isAmongItems, depth) = (false, 1)
            return true
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            depth -= 1
        default:
            break
        }
        return false
    }
}
