extension String {
    /// This text in at most `width` characters; what is cut out of its middle becomes one `…`.
    package func shortened(to width: Int) -> String {
        // Counting characters is slow, and a character has at least one byte.
        guard utf8.count > width, count > width else { return self }
        guard width > 1 else { return String(prefix(width)) }
        let kept = width - 1
        return "\(prefix(kept - kept / 2))…\(suffix(kept / 2))"
    }
}
