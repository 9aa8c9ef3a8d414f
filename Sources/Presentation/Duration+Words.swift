extension Duration {
    /// As the configuration writes it: `90s`, `10m`, `1h`; parts of a second are left out.
    package var words: String { Age(seconds: components.seconds).description }
}
