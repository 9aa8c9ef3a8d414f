/// The page on which a user enters a token.
package struct SignInDocument: Sendable {
    /// What was wrong with the last attempt; nil if there was none.
    let problem: String?

    /// - Parameter problem: One sentence; nil for a first visit.
    package init(problem: String? = nil) {
        self.problem = problem
    }

    /// The document, as UTF-8.
    package func html() -> [UInt8] {
        var writer = HTMLWriter()
        PageFrame(title: "Sign in", hasScript: false).write(to: &writer) { writer in
            writer.element("main", ("class", "sign-in card")) { writer in
                writer.element("h1", text: "Backups and usage")
                if let problem { writer.element("p", ("class", "state failed"), ("role", "alert"), text: problem) }
                writer.element("form", ("method", "post"), ("action", "sign-in")) { writer in
                    writer.element("label", ("for", "token"), text: "Cluster token")
                    writer.void(
                        "input",
                        ("type", "password"),
                        ("id", "token"),
                        ("name", "token"),
                        ("autocomplete", "off"),
                        ("spellcheck", "false"),
                        ("required", ""),
                        ("autofocus", "")
                    )
                    writer.element("button", ("type", "submit"), text: "Sign in")
                }
                writer.element("p", ("class", "note")) { writer in
                    writer.text("For a ServiceAccount: ")
                    writer.element("code", text: "kubectl create token NAME")
                    writer.text(". You see the namespaces in which you may list claims; users who may ")
                    writer.element("code", text: "get /reports")
                    writer.text(" see all.")
                }
            }
        }
        return writer.bytes
    }
}
