extension Bool {
    /// Reads the words of Go's `strconv.ParseBool`, which users of nfs-subdir-external-provisioner have in their
    /// classes and environments.
    package init?(goWord word: String) {
        switch word {
        case "1", "t", "T", "TRUE", "true", "True": self = true
        case "0", "f", "F", "FALSE", "false", "False": self = false
        default: return nil
        }
    }
}
