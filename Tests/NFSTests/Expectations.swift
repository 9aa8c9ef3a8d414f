import Foundation
import NFS
import Testing

/// Expects a call to fail, and returns how.
func expectFailure<Value>(
    _ code: NFSError.Code,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ call: () async throws -> Value
) async -> NFSError? {
    do {
        _ = try await call()
        Issue.record("it should have failed as \(code)", sourceLocation: sourceLocation)
        return nil
    } catch let error as NFSError {
        #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
        return error
    } catch {
        Issue.record("another kind of error: \(error)", sourceLocation: sourceLocation)
        return nil
    }
}
