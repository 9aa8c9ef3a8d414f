import Foundation
import Kubernetes
import Testing

@Suite("The GitLab pipeline")
struct PipelineTests {
    private let text: String
    private let pipeline: [String: JSONValue]
    /// Jobs with what they extend.
    private let jobs: [String: JSONValue]

    init() throws {
        text = try String(contentsOf: ManifestTools.repository.appending(path: ".gitlab-ci.yml"), encoding: .utf8)
        let pipeline = try #require(try Manifest.all(text).first).value.fields
        self.pipeline = pipeline
        let names = pipeline.keys.filter { !["stages", "default"].contains($0) && !$0.hasPrefix(".") }
        jobs = Dictionary(
            uniqueKeysWithValues: names.map { name -> (String, JSONValue) in
                let base = pipeline[pipeline[name]?["extends"]?.text ?? ""]?.fields ?? [:]
                return (name, .object(base.merging(pipeline[name]?.fields ?? [:]) { $1 }))
            }
        )
    }

    @Test("It builds, tests and deploys, in this order; what a job needs is a job of no later stage")
    func stages() throws {
        let stages = (pipeline["stages"]?.elements ?? []).compactMap(\.text)
        #expect(stages == ["build", "test", "deploy"])
        func stage(_ job: String) throws -> Int {
            try #require(stages.firstIndex(of: jobs[job]?["stage"]?.text ?? ""), "\(job)")
        }
        for (name, job) in jobs {
            for need in job["needs"]?.elements.compactMap(\.text) ?? [] {
                #expect(try stage(need) <= stage(name))
            }
            #expect(job["image"] != nil && job["script"]?.elements.isEmpty == false, "\(name)")
        }
        #expect(Set(jobs.values.compactMap { $0["stage"]?.text }) == Set(stages))
    }

    @Test("It runs every check of .ci/run, and its scripts and targets are there")
    func commands() throws {
        func folder(_ path: String) -> URL { ManifestTools.repository.appending(path: path) }
        let targets = Set(
            jobs.values.flatMap(commands(of:)).joined(separator: "\n").matches(of: /make ([a-z-]+)/).map {
                String($0.1)
            }
        )
        let checks = try String(contentsOf: folder(".ci/run"), encoding: .utf8).firstMatch(of: /(?m)^make (.*)$/)
        #expect(targets.isSuperset(of: try #require(checks).1.split(separator: " ").map(String.init)))
        let makefile = try String(contentsOf: folder("Makefile"), encoding: .utf8)
        for target in targets { #expect(makefile.contains("\n\(target):")) }
        let scripts = text.matches(of: /scripts\/[a-z-]+\.sh/).map { String($0.output) }
        #expect(!scripts.isEmpty)
        for script in scripts { #expect(FileManager.default.isExecutableFile(atPath: folder(script).path())) }
    }

    @Test("Every variable is GitLab's own, set in the file, or explained at its head; none of those is set in the file")
    func variables() throws {
        let explained = Set(
            text.matches(of: /(?m)^[#]   ([A-Z_, ]+?)[ ]{2}/).flatMap { match in
                match.1.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            }
        )
        let set = Set(jobs.values.flatMap { Array(($0["variables"]?.fields ?? [:]).keys) } + ["ARCHITECTURE"])
        let deploy = try String(
            contentsOf: ManifestTools.repository.appending(path: "scripts/deploy.sh"),
            encoding: .utf8
        )
        let used = Set((text + deploy).matches(of: /\$\{?([A-Z][A-Z_]+)/).map { String($0.1) })
            .filter { !$0.hasPrefix("CI_") && $0 != "PWD" }
        #expect(explained.isDisjoint(with: set))
        #expect(used.subtracting(set).subtracting(explained) == [])
        #expect(explained.subtracting(used) == [])
    }

    @Test("Only the default branch and tags reach the registry's own tags and the test environment")
    func released() throws {
        for job in jobs.values where job["stage"]?.text == "deploy" {
            let conditions = job["rules"]?.elements.compactMap { $0["if"]?.text }
            #expect(conditions == ["$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH", "$CI_COMMIT_TAG"])
        }
    }

    private func commands(of job: JSONValue) -> [String] {
        ((job["before_script"]?.elements ?? []) + (job["script"]?.elements ?? [])).compactMap(\.text)
    }
}
