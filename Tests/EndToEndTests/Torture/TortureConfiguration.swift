import Foundation
import Provisioning
import TestBed

/// The controllers' configuration file: hooks that copy volumes, and retention.
struct TortureConfiguration: Sendable {
    static let retentionInterval = Duration.seconds(3)

    let bed: TortureBed

    var file: URL { bed.folder.appending(path: "configuration.yaml") }
    /// Where the copies go, on the server's side; no share is in it.
    var copies: URL { URL(filePath: bed.bed.exportB).appending(path: "copies-\(bed.scenario.id)") }

    /// What the hook of a class is called.
    func hook(of kind: ClaimKind) -> String { "copy-\(kind.rawValue)" }

    func write() throws {
        try FileManager.default.createDirectory(at: copies, withIntermediateDirectories: true)
        let hooks = ClaimKind.allCases.compactMap { kind in
            kind.copyPhase.map { phase in
                """
                  - name: \(hook(of: kind))
                    phase: \(phase.rawValue)
                    selector: {classes: [\(className(kind))]}
                    copy: {to: "\(bed.serverName):\(copies.path())", mountOptions: [\(bed.mountOptions.joined(separator: ", "))]}
                """
            }
        }
        // A day: longer than a run, and shorter than clocks are apart.
        let text = """
            hooks:
            \(hooks.joined(separator: "\n"))
            retention:
              interval: 3s
              rules:
                - {classes: [\(className(.expiring))], keepFor: 3s}
                - {keepFor: 1d}

            """
        try text.write(to: file, atomically: true, encoding: .utf8)
    }

    private func className(_ kind: ClaimKind) -> String { bed.scenario.className(kind.rawValue) }
}
