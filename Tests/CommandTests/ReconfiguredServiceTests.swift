import Logging
import ServiceLifecycle
import Synchronization
import TestBed
import Testing

@testable import Commands

@Suite("Services that follow the configuration")
struct ReconfiguredServiceTests {
    /// What happened, in order.
    private final class Story: Sendable {
        private let words = Mutex<[String]>([])
        /// How many configurations were looked at.
        let looks = Mutex(0)
        var told: [String] { words.withLock { $0 } }
        func tell(_ word: String) { words.withLock { $0.append(word) } }
    }

    private struct Part: Service {
        let workers: Int
        let story: Story

        func run() async throws {
            story.tell("begin \(workers)")
            try? await gracefulShutdown()
            // What has to be waited for takes its time.
            for _ in 0..<100 { await Task.yield() }
            story.tell("end \(workers)")
        }
    }

    private static func configuration(_ workers: Int, _ level: String = "info") throws -> ControllerConfiguration {
        try ConfigurationTests.configuration(file: "workers: \(workers)\nlogLevel: \(level)")
    }

    private func run(_ body: @escaping @Sendable (ConfigurationFeed, Story) async throws -> Void) async throws
        -> [String]
    {
        let (feed, story) = (ConfigurationFeed(), Story())
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let service = ReconfiguredService(
            from: try Self.configuration(1),
            updates: feed.updates(),
            part: { configuration in
                story.looks.withLock { $0 += 1 }
                return configuration.work
            },
            logger: logger
        ) { [Part(workers: $0.workers, story: story)] }
        let group = ServiceGroup(services: [service], logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            try await eventually("the first begins") { story.told.contains("begin 1") }
            try await body(feed, story)
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        return story.told
    }

    @Test("Old services end before new ones start; the last ones end with the process")
    func change() async throws {
        let told = try await run { feed, story in
            feed.publish(try Self.configuration(2))
            try await eventually("the second begins") { story.told.contains("begin 2") }
        }
        #expect(told == ["begin 1", "end 1", "begin 2", "end 2"])
    }

    @Test("A change outside their part of the configuration restarts nothing")
    func otherPart() async throws {
        let told = try await run { feed, story in
            for level in ["debug", "error"] {
                let looks = story.looks.withLock { $0 }
                feed.publish(try Self.configuration(1, level))
                try await eventually("it is looked at") { story.looks.withLock { $0 } > looks }
            }
            feed.publish(try Self.configuration(2))
            try await eventually("the second begins") { story.told.contains("begin 2") }
        }
        #expect(told == ["begin 1", "end 1", "begin 2", "end 2"])
    }

    @Test("Of changes that arrive during a restart the last counts; a stop meanwhile is obeyed")
    func hurry() async throws {
        let told = try await run { feed, story in
            for workers in 2...9 { feed.publish(try Self.configuration(workers)) }
            try await eventually("the last begins") { story.told.contains("begin 9") }
            feed.publish(try Self.configuration(10))
        }
        let begun = told.filter { $0.hasPrefix("begin") }.count
        #expect(told.filter { $0.hasPrefix("end") }.count == begun)
        #expect(zip(told, told.dropFirst()).allSatisfy { $0.hasPrefix("begin") != $1.hasPrefix("begin") })
    }
}
