import Presentation
import Testing

@Suite("Numbers of bytes, for people")
struct ByteCountTests {
    @Test(
        "Bytes in binary units with three digits",
        arguments: [
            (0, "0 B"), (1023, "1023 B"), (1024, "1.00 KiB"), (1536, "1.50 KiB"), (1152, "1.13 KiB"),
            (10 << 20, "10.0 MiB"), (999 << 30, "999 GiB"), (-(3 << 40), "−3.00 TiB"), (Int64.max, "8.00 EiB"),
        ] as [(Int64, String)]
    )
    func byteCount(bytes: Int64, text: String) {
        #expect(ByteCount(bytes).description == text)
    }
}
