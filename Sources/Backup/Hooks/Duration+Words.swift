extension Duration {
    /// As the configuration writes it: `90s`, `10m`, `1h`; parts of a second are left out.
    var words: String {
        let seconds = components.seconds
        if seconds > 0, seconds % 3600 == 0 { return "\(seconds / 3600)h" }
        if seconds > 0, seconds % 60 == 0 { return "\(seconds / 60)m" }
        return "\(seconds)s"
    }
}
