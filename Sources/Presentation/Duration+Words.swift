extension Duration {
    /// The duration as the configuration writes it: `90s`, `10m`, `1h`; fractions of a second are dropped.
    package var words: String { Age(seconds: components.seconds).description }
}
