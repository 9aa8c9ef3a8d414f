import Provisioning

extension ShareReading {
    /// Reads shares at the same time, so that those that do not answer cost the time of one.
    ///
    /// - Parameters:
    ///   - shares: Which.
    ///   - parts: What of each.
    ///   - isExpected: Whether a controller must have used a share. Another one that was not used yet has nothing to say.
    /// - Returns: In the order of the shares. One that fails is a blind spot.
    package static func all(
        of shares: [ShareConnection],
        _ parts: [Part],
        isExpected: (ShareConnection) -> Bool
    ) async -> [ShareReading] {
        await withTaskGroup(of: (Int, ShareReading?).self) { group in
            for (index, share) in shares.enumerated() {
                let isExpected = isExpected(share)
                group.addTask { (index, await reading(of: share, parts, isExpected: isExpected)) }
            }
            var readings: [Int: ShareReading] = [:]
            for await (index, reading) in group { readings[index] = reading }
            return readings.sorted { $0.key < $1.key }.map(\.value)
        }
    }

    private static func reading(of share: ShareConnection, _ parts: [Part], isExpected: Bool) async -> ShareReading? {
        do {
            return try await ShareReading(of: share, parts)
        } catch is UnusedShare where !isExpected {
            return nil
        } catch {
            var reading = ShareReading(export: share.address.export)
            reading.failures = [BlindSpot(export: "\(share.address)", reason: "\(error)")]
            return reading
        }
    }
}
