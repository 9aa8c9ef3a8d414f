import NIOCore
import Testing

@testable import Kubernetes

@Suite("Cutting a list into its items")
struct ListFramerTests {
    private func cut(_ parts: [ArraySlice<UInt8>]) -> (items: [String], envelope: String) {
        var framer = ListFramer()
        var items: [String] = []
        for part in parts {
            framer.append(ByteBuffer(bytes: part))
            while let item = framer.next() { items.append(String(buffer: item)) }
        }
        return (items, String(buffer: framer.envelope))
    }

    @Test(
        "Each item is split off, and the list remains without items",
        arguments: [
            (
                #"{"metadata":{"items":[1]},"items":[{"a":[1,2]},{"b":"]},{\""}],"c":[3]}"#,
                [#"{"a":[1,2]}"#, #"{"b":"]},{\""}"#], #"{"metadata":{"items":[1]},"items":[],"c":[3]}"#
            ),
            (
                #"{ "items" : [ {} , null,"x" ] , "b":"items" }"#, [" {} ", " null", #""x" "#],
                #"{ "items" : [] , "b":"items" }"#
            ),
            (#"{"items":[ ],"a":1}"#, [], #"{"items":[],"a":1}"#),
            (#"{"items":null,"a":[{}]}"#, [], #"{"items":null,"a":[{}]}"#),
            (#"{"a":"items","b":[{}]}"#, [], #"{"a":"items","b":[{}]}"#),
            (#"{"items":"a","b":[{}]}"#, [], #"{"items":"a","b":[{}]}"#),
            (#"{"items":[{"n":1},{"n":2}"#, [#"{"n":1}"#], #"{"items":[{"n":2}"#),
            ("[[1],[2]]", [], "[[1],[2]]"),
        ]
    )
    func cuts(text: String, items: [String], envelope: String) {
        let bytes = Array(text.utf8)
        for first in 0...bytes.count {
            for second in first...bytes.count {
                let list = cut([bytes[..<first], bytes[first..<second], bytes[second...]])
                #expect(list.items == items, "cut at \(first) and \(second)")
                #expect(list.envelope == envelope, "cut at \(first) and \(second)")
            }
        }
    }

    @Test(
        "A truncated list, or a text that is not a list, is rejected",
        arguments: [
            #"{"metadata":{"resourceVersion":"1"},"items":[{"metadata":{"name":"a"}}"#,
            #"{"metadata":{"resourceVersion":"1"},"items":[{"metadata":{"name":"a"}}}"#,
            #"{"metadata":{"resourceVersion":"1"},"items":[,{"metadata":{"name":"a"}}]}"#,
            #"{"metadata":{"resourceVersion":"1"},"items":[{"metadata":{"name":"a"}]}"#,
            #"{"metadata":{"resourceVersion":"1"},"items":[{"metadata":{"name":"a"}}]:[{}]}"#,
            #"{"metadata":{"resourceVersion":"1"},"items":[{"metadata":{"name":"a"}}]"#,
            #"{"items":[]}"#,
            "",
        ]
    )
    func broken(text: String) {
        var reader = ListReader<StorageClass> { $0 }
        #expect(throws: DecodingError.self) {
            for byte in text.utf8 { try reader.read(ByteBuffer(bytes: [byte])) }
            _ = try reader.page()
        }
    }

    @Test("The page has the kept part of each object; an unreadable object is named")
    func page() throws {
        var reader = ListReader<StorageClass> { object in
            var object = object
            object.metadata.resourceVersion = nil
            return object
        }
        let text = #"""
            {"metadata":{"resourceVersion":"7","continue":"more"},"items":[
                {"metadata":{"name":"a","resourceVersion":"3"},"provisioner":"p"},
                {"metadata":{"name":"b"},"provisioner":7}
            ]}
            """#
        for byte in text.utf8 { try reader.read(ByteBuffer(bytes: [byte])) }
        let page = try reader.page()
        #expect(page.resourceVersion == "7")
        #expect(page.continueToken == "more")
        #expect(page.items.map(\.metadata.name) == ["a"])
        #expect(page.items.first?.metadata.resourceVersion == nil)
        #expect(page.undecodable.map(\.key) == [ObjectKey(namespace: nil, name: "b")])
    }
}
