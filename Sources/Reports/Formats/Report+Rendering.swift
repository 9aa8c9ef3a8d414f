extension Report {
    /// Writes the report.
    ///
    /// - Parameters:
    ///   - format: How.
    ///   - isColoured: Whether a terminal reads the table.
    /// - Returns: Its text, with a newline at the end.
    /// - Throws: `EncodingError`, which no value of a report brings about.
    package func text(as format: ReportFormat, isColoured: Bool = false) throws -> String {
        switch format {
        case .table: terminalText(isColoured: isColoured)
        case .json: try String(json: self) + "\n"
        case .csv: records.csv
        case .markdown: markdown
        case .html: String(decoding: ReportDocument(set).html(), as: UTF8.self)
        }
    }

    private func terminalText(isColoured: Bool) -> String {
        var text = heading.printable + "\n"
        for line in summaryLines { text += "  \(line.printable)\n" }
        if !blindSpots.isEmpty {
            text += "\nNot seen:\n"
            for spot in blindSpots.prefix(Self.blindSpotsShown) { text += "  \("\(spot)".printable)\n" }
            if let more = furtherBlindSpots { text += "  \(more)\n" }
        }
        for section in sections {
            text += "\n" + (section.caption.map { "\($0)\n" } ?? "")
            text += section.table.aligned(colouring: isColoured ? section.colours : [:])
        }
        return text
    }

    private var markdown: String {
        var text = "# \(heading.markdown)\n\n"
        for line in summaryLines { text += "- \(line.markdown)\n" }
        if !blindSpots.isEmpty {
            text += "\n## Not seen\n\n"
            for spot in blindSpots.prefix(Self.blindSpotsShown) { text += "- \("\(spot)".markdown)\n" }
            if let more = furtherBlindSpots { text += "- \(more)\n" }
        }
        for section in sections {
            text += "\n" + (section.caption.map { "## \($0)\n\n" } ?? "") + section.table.markdown
        }
        return text
    }

    private var heading: String {
        let wanted = "\(filter)"
        return "\(title) at \(generatedAt)" + (wanted.isEmpty ? "" : " (\(wanted))")
    }

    /// The first tell enough: a broken record is a row as well.
    private static var blindSpotsShown: Int { 20 }

    private var furtherBlindSpots: String? {
        blindSpots.count > Self.blindSpotsShown ? "and \(blindSpots.count - Self.blindSpotsShown) more" : nil
    }
}

extension BlindSpot: CustomStringConvertible {
    /// One sentence; the export goes first where the sentence does not name it.
    package var description: String {
        guard let export, !reason.contains(export) else { return reason }
        return "\(export): \(reason)"
    }
}
