extension Duration {
    /// A time as the configuration has it: whole numbers with `h`, `m` and `s`, the larger first, such as `1h30m`; or `7d`.
    ///
    /// - Parameter text: From a second to a week; anything else gives `nil`.
    init?(configured text: String) {
        guard let match = text.wholeMatch(of: /(?:(\d{1,7})d)?(?:(\d{1,7})h)?(?:(\d{1,7})m)?(?:(\d{1,7})s)?/) else {
            return nil
        }
        let (_, days, hours, minutes, seconds) = match.output
        let parts = [(days, 86_400), (hours, 3600), (minutes, 60), (seconds, 1)]
        let total = parts.reduce(0) { $0 + ($1.0.flatMap { Int($0) } ?? 0) * $1.1 }
        guard (1...604_800).contains(total) else { return nil }
        self = .seconds(total)
    }
}
