/// Why a request could not be made, one sentence.
struct HTTPHookError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
